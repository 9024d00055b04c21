"""Which pages may open which socket."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from websockets.exceptions import InvalidStatus

from tests.desk.conftest import sit  # noqa: F401 – a fixture
from tests.factories import editor_of, make_event
from tests.live.test_sockets import address, receive_first
from tests.servers import CEILING, running_site
from updates import publishing
from updates.live.origin import SameOrigin, SitesOfEvents
from updates.publishing import EventDetails

PARTNER = "https://partner.example"


@pytest.mark.once
@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        ("http://[", False),
        ("http://live.example:99999", False),
        ("http://evil.example:99999", False),
        ("https://live.example", True),
        ("HTTPS://LIVE.EXAMPLE", True),
        ("https://partner.example:443", True),
        ("http://partner.example", False),
        ("https://evil.example", False),
        ("https://live.example.evil.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_every_origin_is_answered(origin, is_allowed):
    sockets = SameOrigin(None, [PARTNER])
    assert sockets.allows([(b"host", b"live.example"), (b"origin", origin.encode())]) is is_allowed


@pytest.mark.once
def test_client_without_an_origin_is_refused_where_one_is_required():
    headers = [(b"host", b"live.example")]
    assert [SameOrigin(None, is_required=required).allows(headers) for required in (True, False)] == [False, True]


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_pages_that_may_open_readers_sockets_may_not_open_a_desk(sit, tmp_path):  # noqa: F811
    event = make_event()
    with running_site(tmp_path / "server.log", SOCKET_ORIGINS=PARTNER) as partner_site:
        assert asyncio.run(receive_first(address(partner_site, event), origin=PARTNER))["t"] == "sync"
        with pytest.raises(InvalidStatus) as refused:
            sit(event, editor_of(event), origin=PARTNER, at=partner_site)
        assert refused.value.response.status_code == 403
        assert json.loads(sit(event, editor_of(event), at=partner_site).recv(timeout=CEILING))["t"] == "desk"


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        ("https://www.paper.example", True),
        ("https://news.cms.example", True),
        ("http://www.paper.example", False),
        ("https://evil.example", False),
        ("null", False),
    ],
)
def test_pages_of_the_sites_that_may_embed_an_event_open_its_socket(site, transactional_db, origin, is_allowed):
    event = make_event(embed_sites=["https://www.paper.example", "https://*.cms.example"])
    if is_allowed:
        assert asyncio.run(receive_first(address(site, event), origin=origin))["t"] == "sync"
    else:
        with pytest.raises(InvalidStatus) as refused:
            asyncio.run(receive_first(address(site, event), origin=origin))
        assert refused.value.response.status_code == 403
    with pytest.raises(InvalidStatus):
        asyncio.run(receive_first(address(site, make_event()), origin=origin))


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_sites_of_an_event_are_read_again_after_a_moment():
    event = make_event(embed_sites=["https://a.example"])
    sites, editor = SitesOfEvents(), editor_of(event)
    sites.FRESH = CEILING  # a busy machine may need more than the moment for what happens in between

    async def read_twice():
        first = await sites.read(event.slug)
        await sync_to_async(publishing.change_event)(event.pk, EventDetails(embed_sites=[]), editor)
        return (
            sites.known("absent"),
            first,
            sites.known(event.slug),
            await sites.read(event.slug),
            await sites.read("no"),
        )

    assert asyncio.run(read_twice()) == (None, ["https://a.example"], ["https://a.example"], [], [])
