"""Which pages may open which socket."""

import asyncio
import json

import pytest
from websockets.exceptions import InvalidStatus

from tests.desk.conftest import sit  # noqa: F401 – a fixture
from tests.factories import editor_of, make_event
from tests.live.test_sockets import address, receive_first
from tests.servers import CEILING, running_site
from updates.live.origin import SameOrigin

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
