"""Forwarding headers of strangers change nothing; those of a trusted proxy give the reader's address and scheme."""

import os
import urllib.request
from ipaddress import ip_network

import pytest

from liveblog.proxies import MOST_UNNAMED, TrustedProxies
from tests.factories import make_event, post
from tests.servers import CEILING
from updates.site_address import site_address
from updates.unnamed_proxies import FOLDER, noted

HEADERS = {
    "Daphne-Root-Path": "https://evil.example",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "444",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Scheme": "https",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Ssl": "on",
    "X-Host": "evil.example",
    "X-HTTP-Method-Override": "DELETE",
    "X-Original-URL": "/admin/",
    "X-Real-IP": "203.0.113.9",
    "X-Rewrite-URL": "/admin/",
    "X-Script-Name": "/evil",
    "X_Forwarded_Host": "evil.example",
    "Script-Name": "/evil",
    "SCRIPT_NAME": "/evil",
    "True-Client-IP": "203.0.113.9",
    "Front-End-Https": "on",
    "Proxy": "http://evil.example",
}


def cleaned(*headers, trusted=(), client="10.1.2.3", kind="http"):
    proxies = TrustedProxies(None, [ip_network(each) for each in trusted])
    scope = {
        "type": kind,
        "scheme": "http" if kind == "http" else "ws",
        "client": (client, 5000),
        "root_path": "/evil",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    result = proxies.cleaned(scope)
    return result["client"][0], result["scheme"], result["root_path"], [name for name, _ in result["headers"]]


def test_a_stranger_is_not_believed():
    headers = [(name.lower(), value) for name, value in HEADERS.items()]
    assert cleaned(("host", "live.example"), *headers) == ("10.1.2.3", "http", "", [b"host"])


@pytest.mark.parametrize(
    ("chain", "sender"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9", "203.0.113.9"),  # what stands left was sent by the reader
        ("203.0.113.9, 10.1.9.9", "203.0.113.9"),  # two proxies of ours
        ("10.1.9.9", "10.1.9.9"),
        ("nonsense", "10.1.2.3"),
        ("2001:db8::7", "2001:db8::7"),
        ("", "10.1.2.3"),
    ],
)
def test_a_trusted_proxy_gives_the_readers_address(chain, sender):
    assert cleaned(("x-forwarded-for", chain), trusted=["10.1.0.0/16"])[0] == sender


def test_a_proxy_that_is_not_named_is_logged_once_and_noted(caplog, monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("liveblog.proxies._unnamed", {})
    header = ("x-forwarded-for", "203.0.113.9")
    cleaned(header, client="10.1.2.3", trusted=["10.1.2.3"])
    cleaned(client="10.1.2.3")
    assert caplog.messages == []

    for _ in range(3):
        cleaned(header, client="10.1.2.3")
    [message] = caplog.messages
    assert message.startswith("10.1.2.3 sends X-Forwarded-For and is not in TRUSTED_PROXIES.")
    cleaned(("forwarded", "for=203.0.113.9"), ("X-Forwarded-Proto", "https"), client="10.1.2.4")
    assert caplog.messages[1].startswith("10.1.2.4 sends X-Forwarded-Proto, Forwarded and is not in TRUSTED_PROXIES.")
    assert noted() == ["10.1.2.3", "10.1.2.4"]
    settings.TRUSTED_PROXIES = [ip_network("10.1.2.4/31")]
    assert noted() == ["10.1.2.3"]
    os.utime(tmp_path / FOLDER / "10.1.2.3", (0, 0))
    assert noted() == []

    for number in range(100):
        cleaned(header, client=f"198.51.100.{number}")
    assert len(caplog.messages) == MOST_UNNAMED


@pytest.mark.parametrize(("kind", "scheme"), [("http", "https"), ("websocket", "wss")])
def test_a_trusted_proxy_gives_the_scheme(kind, scheme):
    header = ("x-forwarded-proto", "https")
    assert cleaned(header, trusted=["10.1.2.3"], kind=kind)[1] == scheme
    assert cleaned(header, trusted=["10.9.9.9"], kind=kind)[1] != scheme
    assert cleaned(("x-forwarded-proto", "https, http"), trusted=["10.1.2.3"], kind=kind)[1] != scheme


def page(site, path, **headers):
    request = urllib.request.Request(site.url + path, headers=headers)
    with urllib.request.urlopen(request, timeout=CEILING) as response:
        return response.read()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_no_header_of_a_stranger_changes_a_page(site):
    event = make_event()
    post(event, "Harbour closed")
    path = event.get_absolute_url()
    plain = page(site, path)

    for name, value in HEADERS.items():
        assert page(site, f"{path}?order=oldest", **{name: value}) == page(site, f"{path}?order=oldest"), name
        assert page(site, path, **{name: value}) == plain, name


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("host", ["127.0.0.1:4444", "127.0.0.1.", "127.0.0.1.:4444"])
def test_a_port_in_the_host_header_does_not_get_into_a_page(site, host):
    path = make_event().get_absolute_url()
    strange = page(site, path, Host=host)

    assert strange == page(site, path)
    assert f'<link rel="canonical" href="{site.url}{path}">'.encode() in strange


def test_a_proxys_cache_has_one_page_for_all_ways_of_writing_a_host(rf, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "", ["live.example", "[::1]"]

    def address(host):
        return site_address(rf.get("/", headers={"host": host}))

    assert {address(host) for host in ("live.example", "LIVE.example", "live.example.", "Live.Example.:99")} == {
        "http://live.example"
    }
    assert address("[::1]:99") == "http://[::1]"
