import re
from gzip import decompress

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import make_event, post, post_many
from updates import publishing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/nothing/", "/nothing/?page=1", "/nothing/AbCdEfGhIj/", "/Nothing_here/"])
def test_unknown_address_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_draft_is_as_good_as_unknown(client):
    event = make_event(status="draft")
    assert client.get(f"/{event.slug}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_page_is_read_and_nothing_else(event, method):
    client = Client(enforce_csrf_checks=True)
    entry = post(event)
    assert getattr(client, method)(f"/{event.slug}/").status_code == 405
    assert getattr(client, method)(entry.get_absolute_url()).status_code == 405


def test_head_has_no_body(client, event):
    response = client.head(f"/{event.slug}/")
    assert (response.status_code, response.content) == (200, b"")


def test_address_without_its_slash_is_sent_on(client, event):
    assert client.get(f"/{event.slug}")["Location"] == f"/{event.slug}/"


@pytest.mark.parametrize("entries", [1, 30])
def test_page_takes_three_queries_and_then_one(client, django_assert_num_queries, entries):
    event = make_event(page_size=30)
    for entry in post_many(event, entries):
        publishing.mark_key(entry.pk, event.assignments.get().user, is_key=True)
    with django_assert_num_queries(3):
        first = client.get(f"/{event.slug}/")
    with django_assert_num_queries(1):
        second = client.get(f"/{event.slug}/")
    assert first.content == second.content


def test_browser_that_has_the_page_gets_no_body_until_something_happens(client, event, django_assert_num_queries):
    post(event, "One")
    tag = client.get(f"/{event.slug}/")["ETag"]
    event.refresh_from_db()
    assert re.fullmatch(rf'"{settings.RELEASE}-{event.epoch}-{event.head}-\d\d\.\d\d\d-first"', tag)

    with django_assert_num_queries(1):
        same = client.get(f"/{event.slug}/", headers={"if-none-match": tag})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", tag)

    post(event, "Two")
    assert client.get(f"/{event.slug}/", headers={"if-none-match": tag}).status_code == 200


def test_page_may_be_shared_for_seconds_and_knows_nobody(client, event):
    entry = post(event, "One")
    for address in (f"/{event.slug}/", entry.get_absolute_url(), "/", "/archive/"):
        response = client.get(address)
        assert response["Cache-Control"] == "public, max-age=0, s-maxage=3"
        assert response["Vary"] == "Accept-Encoding"
        assert response.cookies == {}


def test_page_is_compressed_for_those_who_can_read_it(client, event):
    plain = client.get(f"/{event.slug}/")
    packed = client.get(f"/{event.slug}/", headers={"accept-encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert decompress(packed.content) == plain.content
    assert packed["ETag"] == "W/" + plain["ETag"]
    same = client.get(f"/{event.slug}/", headers={"if-none-match": packed["ETag"], "accept-encoding": "gzip"})
    assert same.status_code == 304


def test_each_host_gets_its_own_canonical_address(client, event, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    for host in settings.ALLOWED_HOSTS:
        html = client.get(f"/{event.slug}/", headers={"host": host}).content.decode()
        assert f'<link rel="canonical" href="http://{host}/{event.slug}/">' in html


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("br, *", True),
        ("gzip;q=1.0", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("br", False),
        ("", False),
    ],
)
def test_page_is_compressed_only_where_gzip_is_accepted(client, event, header, accepted):
    response = client.get(f"/{event.slug}/", headers={"accept-encoding": header})

    assert ("Content-Encoding" in response) == accepted
