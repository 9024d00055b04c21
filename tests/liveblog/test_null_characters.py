"""A null character, which PostgreSQL cannot compare, breaks no address."""

from urllib.parse import urlencode

import pytest

from tests.permissions.addresses import Newsroom, address_of, patterns

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NAMES = ["q", "author", "above", "before", "below", "entry", "event", "key", "page", "session", "user", "version"]

READERS = ["after", "since", "epoch", "view", "limit", "cursor", "url", "theme", "order", "lang"]


@pytest.fixture
def newsroom(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Newsroom()


def test_addresses_of_the_desk_with_a_null_character_are_refused(newsroom, client):
    client.force_login(newsroom.users["editor"])
    for pattern in ("admin/updates/event/<int:pk>/timeline/", "admin/updates/event/<int:pk>/desk/"):
        address = address_of(pattern, newsroom.values(newsroom.entries["own"]))
        for query, status in (("q=%00", 400), ("page=1&author=a%00b", 400), ("q=%2500", 200), ("q=x", 200)):
            assert client.get(f"{address}?{query}").status_code == status, (pattern, query)


def test_addresses_for_readers_refuse_it_themselves_or_ignore_it(newsroom, client):
    query = urlencode(dict.fromkeys([*NAMES, *READERS], "\0"))
    for pattern in sorted(each for each in set(patterns()) if not each.startswith("admin/")):
        address = address_of(pattern, newsroom.values(newsroom.entries["own"]))
        assert client.get(f"{address}?{query}").status_code < 500, pattern


def test_forms_with_null_characters_are_answered(newsroom, client):
    """Fields of forms are refused with a sentence, others with 400."""
    for pattern in sorted(each for each in set(patterns()) if each.startswith("admin/updates/event/")):
        client.force_login(newsroom.users["editor"])
        address = address_of(pattern, newsroom.values(newsroom.entries["own"]))
        sent = urlencode(dict.fromkeys(NAMES, "\0"))
        response = client.post(address, sent, content_type="application/x-www-form-urlencoded")
        assert response.status_code < 500, pattern
