"""Only the public internet is called: by name, by every address behind it, at every call."""

import asyncio
import socket
import threading

import pytest

from tests.factories import editor_of, post
from tests.webhooks.conftest import ALL, send
from updates.public_addresses import check_public_url, is_public
from updates.public_resolver import PublicResolver
from updates.publishing.webhooks import create_webhook

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::6810:1", "64:ff9b::808:808", "::ffff:8.8.8.8"]

INTERNAL = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.1",
    "0.0.0.0", "0.0.0.1",  # noqa: S104 – not to listen on
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
    "::", "::1", "fd00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:100.64.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:808:808::1", "2001::7f00:1", "100::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_public_internet(address):
    assert is_public(address)


@pytest.mark.parametrize("address", INTERNAL)
def test_addresses_that_lead_inside(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "url", ["https://cms.example/hook", "https://cms.example:8443/a?b=c", "https://a.b.example:443"]
)
def test_public_names_may_be_called(url):
    check_public_url(url, [])


@pytest.mark.parametrize(
    "url",
    [
        "http://cms.example/hook", "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://10.1/",
        "https://localhost/", "https://redis/", "https://2130706433/", "https://127.0.0.1./", "https://a@cms.example/",
        "https://cms.example:22/", "https://cms.example:x/", "https://cms.example/a b", "https://cms.example\\@10.0.0.1/",
        "https://cms.example/\r\nX: y", "https://cms.exämple/", "ftp://cms.example/", "//cms.example/", "", "https://",
        f"https://cms.example/{'a' * 500}", "https://cms..example/", f"https://{'a' * 64}.example/",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url):
    with pytest.raises(ValueError, match=r"."):
        check_public_url(url, [])


def test_internal_hosts_are_called_as_the_setting_names_them_only():
    check_public_url("http://cms.internal:8080/hook", ["cms.internal:8080"])
    for url in ("http://cms.internal/", "http://cms.internal:8081/", "http://x@cms.internal:8080/"):
        with pytest.raises(ValueError, match=r"."):
            check_public_url(url, ["cms.internal:8080"])


def test_internal_hosts_may_be_limited_to_a_path():
    internal = ["cms.internal:8080/hooks/"]
    for path in ("hooks", "hooks/", "hooks/live", "hooks/a?b=../c"):
        check_public_url(f"http://cms.internal:8080/{path}", internal)
        check_public_url(f"http://CMS.internal:08080/{path}", internal)
    for path in ("", "hooks2", "admin", "hooks/../admin", "hooks/%2e%2e/admin", "hooks/..%2fadmin", "Hooks/", "/hooks"):
        for host in ("http://cms.internal:8080", "https://cms.internal:8080", "https://CMS.internal:08080"):
            with pytest.raises(ValueError, match=r"."):
                check_public_url(f"{host}/{path}", internal)


def test_a_port_that_the_scheme_implies_is_the_same_host():
    internal = ["cms.internal:443/hooks"]
    for host in ("cms.internal", "cms.internal:443"):
        check_public_url(f"https://{host}/hooks", internal)
        with pytest.raises(ValueError, match=r"."):
            check_public_url(f"https://{host}/admin", internal)


class Names:
    """A name server whose answers are given one after the other, the last one again and again."""

    def __init__(self, *answers):
        self.answers, self.calls, self.threads = list(answers), 0, set()

    def getaddrinfo(self, host, port, family=0, type=0, proto=0, flags=0):  # noqa: A002 – as the socket module's
        self.calls += 1
        self.threads.add(threading.current_thread().name.partition("_")[0])
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        families = {True: socket.AF_INET6, False: socket.AF_INET}
        return [
            (families[":" in one], socket.SOCK_STREAM, 6, "", (one, port, 0, 0) if ":" in one else (one, port))
            for one in addresses
        ]


def resolve(names, monkeypatch, internal=()):
    async def resolved():
        return await PublicResolver(internal).resolve("cms.example", 443)

    monkeypatch.setattr(socket, "getaddrinfo", names.getaddrinfo)
    return [result["host"] for result in asyncio.run(resolved())]


@pytest.mark.parametrize("inside", ["127.0.0.1", "169.254.169.254", "::1", "100.64.0.1"])
def test_names_that_lead_inside_are_not_called(inside, monkeypatch):
    with pytest.raises(OSError, match="no public address"):
        resolve(Names([inside]), monkeypatch)
    names = Names([inside, "8.8.8.8"])
    assert resolve(names, monkeypatch) == ["8.8.8.8"]
    assert names.threads == {"names"}  # not those in which scheduled updates are published
    assert resolve(Names([inside]), monkeypatch, ["cms.example:443"]) == [inside]
    assert resolve(Names([inside]), monkeypatch, ["cms.example:443/hooks"]) == [inside]


@pytest.mark.django_db(transaction=True)
def test_a_call_goes_to_the_address_that_was_checked_though_the_name_changes(event, receiver, settings, monkeypatch):
    """The receiver listens on loopback, to which the name leads at some calls only."""
    host = f"cms.example:{receiver.url.rpartition(':')[2]}"
    settings.WEBHOOK_INTERNAL_HOSTS = []
    webhook = create_webhook(event, f"https://{host}/ok", ALL, editor_of(event))
    post(event, "One")
    inside = Names(["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", inside.getaddrinfo)
    send()
    assert (inside.calls, receiver.records) == (1, [])
    assert "no public address" in webhook.deliveries.get().answer
    settings.WEBHOOK_INTERNAL_HOSTS = [host]
    webhook.url = f"http://{host}/ok"
    webhook.save()
    changing = Names(["127.0.0.1"], ["192.0.2.1"])
    monkeypatch.setattr(socket, "getaddrinfo", changing.getaddrinfo)
    send()
    assert (changing.calls, len(receiver.records)) == (1, 1)
