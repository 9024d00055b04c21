"""The doctor finds a proxy that the server does not know, through the address and from inside."""

import asyncio
from ipaddress import ip_network

import aiohttp
import pytest
import time_machine
from aiohttp import web
from django.core import signing

from tests.doctor.test_doctor import findings_about_proxy, levels, problem
from tests.nginx import nginx_before
from updates.doctor.findings import Level
from updates.doctor.inside import examine_inside
from updates.doctor.proxy import examine_proxy, judged
from updates.live.arrival import HEADER, SALT
from updates.unnamed_proxies import note, noted

pytestmark = pytest.mark.database

BOTH = ["x-forwarded-for", "x-forwarded-proto"]


def arrival(peer, *, trusted=False, forwarding=(), chain=(), sender="", secure=False):
    values = {"peer": peer, "is_trusted": trusted, "forwarding": list(forwarding), "chain": list(chain)}
    return values | {"sender": sender or peer, "is_secure": secure}


def behind_trusted(*chain, sender, secure=True):
    return arrival("10.1.2.3", trusted=True, forwarding=BOTH, chain=chain, sender=sender, secure=secure)


@pytest.mark.parametrize(
    ("how", "is_https", "words"),
    [
        (arrival("203.0.113.9"), False, "there is none"),
        (arrival("10.1.2.3"), True, "10.1.2.3 sends no X-Forwarded-For"),
        (arrival("10.1.2.3", forwarding=["x-real-ip"]), False, "10.1.2.3 sends no X-Forwarded-For"),
        (arrival("10.1.2.3", forwarding=BOTH), True, "10.1.2.3 sends X-Forwarded-For, X-Forwarded-Proto and is not in"),
        (
            arrival("10.1.2.3", forwarding=["forwarded"]),
            False,
            "10.1.2.3 sends Forwarded and is not in TRUSTED_PROXIES",
        ),
        (arrival("", forwarding=BOTH), True, "requests come by a Unix socket"),
        (arrival("10.1.2.3", trusted=True), True, "10.1.2.3 is trusted and sends no X-Forwarded-For"),
        (
            behind_trusted("203.0.113.9", sender="203.0.113.9", secure=False),
            True,
            "10.1.2.3 does not send X-Forwarded-Proto: https",
        ),
        (
            behind_trusted("203.0.113.9", "198.51.100.7", sender="198.51.100.7"),
            True,
            "198.51.100.7 passes requests on to 10.1.2.3 and is not in TRUSTED_PROXIES",
        ),
        (behind_trusted("203.0.113.9", "10.1.9.9", sender="203.0.113.9"), True, "10.1.2.3 is trusted, and passes on"),
    ],
)
def test_a_proxy_is_judged_by_how_a_request_arrives(how, is_https, words):
    finding = judged(how, is_https=is_https)
    assert finding.message.startswith(words)
    assert (finding.level == Level.OK) is (words.startswith("there is none") or "passes on" in words)
    assert bool(finding.mend) is (finding.level == Level.ERROR)


def test_the_mend_names_the_proxies_that_are_named_already(settings):
    settings.TRUSTED_PROXIES = [ip_network("10.1.0.0/16")]
    assert "TRUSTED_PROXIES=10.1.0.0/16,192.0.2.7 " in judged(arrival("192.0.2.7", forwarding=BOTH), is_https=True).mend


@pytest.mark.services
@pytest.mark.once
def test_nginx_that_the_server_does_not_know_is_found(site, tmp_path):
    async def examine(url):
        async with aiohttp.ClientSession() as session:
            return await examine_proxy(session, url)

    with nginx_before(tmp_path, site.url) as url:
        finding = asyncio.run(examine(url))
    assert finding.message.startswith(
        "127.0.0.1 sends X-Forwarded-For, X-Forwarded-Proto and is not in TRUSTED_PROXIES"
    )
    assert "set TRUSTED_PROXIES=127.0.0.1 " in finding.mend
    assert "127.0.0.1" in noted()
    assert asyncio.run(examine(site.url)).level == Level.OK


async def test_a_server_that_does_not_say_how_requests_arrive_is_found(monkeypatch):
    monkeypatch.setattr("updates.doctor.outside.GONE_WITHIN", 0.1)
    monkeypatch.setattr("updates.doctor.outside.SHOWN_WITHIN", 0.1)

    async def page(_request):
        return web.Response(text='data-socket="/ws/"', content_type="text/html", headers={"Cache-Control": "max-age=3"})

    finding = problem(await findings_about_proxy(page), "proxy")
    assert (finding.level, "SECRET_KEY" in finding.mend) == (Level.WARNING, True)


@pytest.mark.django_db
def test_a_proxy_that_servers_have_noted_is_found_from_inside(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert "proxy" not in levels(examine_inside())
    note("192.0.2.7")
    note("not an address")
    finding = problem(examine_inside(), "proxy")
    assert finding.message.startswith("192.0.2.7 has sent headers of a proxy and is not in TRUSTED_PROXIES")
    assert "set TRUSTED_PROXIES=192.0.2.7 " in finding.mend
    settings.TRUSTED_PROXIES = [ip_network("192.0.2.0/24")]
    assert "proxy" not in levels(examine_inside())


@pytest.mark.django_db
def test_strangers_do_not_learn_how_their_requests_arrive(client):
    for header in ("", "forged", signing.dumps("arrival", key="another", salt=SALT)):
        response = client.get("/readyz", REMOTE_ADDR="192.0.2.7", headers={HEADER: header})
        assert (response.status_code, response.content) == (404, b"Not found")


@pytest.mark.django_db
def test_the_doctors_header_is_good_for_a_minute(client):
    def answer():
        return client.get("/readyz", REMOTE_ADDR="192.0.2.7", headers={HEADER: sent})

    with time_machine.travel("2026-06-01T12:00:00Z", tick=False) as clock:
        sent = signing.dumps("arrival", salt=SALT)
        assert answer().json()["sender"] == "192.0.2.7"
        clock.shift(61)
        assert answer().status_code == 404
