"""The desk's own client, as in ``tests/admin``, and its socket."""

from contextlib import ExitStack

import pytest
from websockets.sync.client import connect

from tests.admin.conftest import desk, event, noor, own_media, tomas
from tests.browser.desk_page import session_cookie
from tests.servers import CEILING

__all__ = ["desk", "event", "noor", "own_media", "tomas"]


@pytest.fixture
def sit(site):
    """Open the socket of an event's desk for a user, or without one for nobody."""
    opened = ExitStack()

    def sit_down(event, user=None, origin="its own", cookie=None, at=site):
        cookie = cookie or (session_cookie(user, at.url) if user else None)
        headers = {"Cookie": f"{cookie['name']}={cookie['value']}"} if cookie else {}
        url, own = f"{at.socket_url}/ws/desk/{event.pk}/", at.url if origin == "its own" else origin
        # With a full queue no ping would be answered, and the connection would end after 40 s
        options = {"origin": own, "additional_headers": headers, "max_queue": None}
        return opened.enter_context(connect(url, **options, open_timeout=CEILING, close_timeout=1))

    with opened:
        yield sit_down
