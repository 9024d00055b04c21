"""A time zone that this host does not know takes no page down."""

import logging

import pytest

from tests.factories import NOON, make_event, post
from updates.models import Event
from updates.models.guard import writing
from updates.rendering import entry_html
from updates.zones import zone_named


@pytest.fixture
def strange(db):
    event = make_event(title="Storm", at=NOON)
    entry = post(event, "One", at=NOON)
    with writing():
        Event.objects.filter(pk=event.pk).update(time_zone="US/Atlantis")
    entry.event.time_zone = "US/Atlantis"
    zone_named.cache_clear()
    return entry


@pytest.mark.parametrize("address", ["/", "/{slug}/", "/{slug}/{id}/", "/corrections/", "/archive/"])
def test_page_is_drawn_in_the_zone_of_the_site(client, strange, address, settings):
    make_event(title="Council")

    response = client.get(address.format(slug=strange.event.slug, id=strange.public_id))

    assert response.status_code == 200


def test_times_are_the_sites_and_the_log_says_so_once(strange, caplog):
    with caplog.at_level(logging.WARNING):
        assert ">12:00</time>" in entry_html(strange)
        assert zone_named("US/Atlantis").key == "UTC"

    assert [record.getMessage() for record in caplog.records] == [
        "No time zone “US/Atlantis” on this host: times are shown in UTC"
    ]


@pytest.mark.parametrize("name", ["", "../etc/passwd", "Europe", "\0"])
def test_name_that_is_none_is_no_error(name):
    assert zone_named(name).key == "UTC"
