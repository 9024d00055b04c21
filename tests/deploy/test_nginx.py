"""A running site behind the nginx configuration that we ship."""

from urllib.request import urlopen

import pytest

from tests.factories import make_live_events
from tests.nginx import nginx_before
from tests.servers import CEILING, running_site

pytestmark = [pytest.mark.services, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def front(tmp_path, transactional_db):
    with running_site(tmp_path / "site.log") as site, nginx_before(site.url, tmp_path) as url:
        yield url


def test_lists_of_200_live_blogs_pass(front):
    make_live_events(200)
    for address in ("/", "/archive/", "/corrections/"):
        with urlopen(front + address, timeout=CEILING) as answer:
            assert (answer.status, answer.headers["Surrogate-Key"]) == (200, "lists")
