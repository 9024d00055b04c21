"""What is not out leaves no trace anywhere that a reader can look."""

from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.utils import timezone

from tests.factories import editor_of, make_event, make_member, make_picture, post
from tests.removal.surfaces import CAPTIONS, CARD, CROP, MEDIA, samples
from tests.removal.test_every_surface import READER_ROUTES
from updates import publishing
from updates.models import Entry, Rendition
from updates.publishing import EntryContent, EntryInput, PhotoContent, TextContent
from updates.publishing.schedule import publish_due

pytestmark = [pytest.mark.django_db, pytest.mark.database]


DATED = {
    "sitemap.xml", "sitemap-news.xml", "<slug:slug>/sitemap.xml", "api/v1/events", "api/v1/events/<slug:slug>",
}  # fmt: skip
"""Routes that show only the time or the number of the newest change."""


@pytest.fixture(autouse=True)
def still_clock():
    """Pages of lists depend on the day, which must not change between two looks."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def event():
    event = make_event(slug="storm-embargo")
    post(event, "Out already")
    return event


def seen_by_readers(client, event, entry):
    """Status, tag and body of all that is asked for."""
    paths = [
        "/",
        f"/{event.slug}/",
        f"/{event.slug}/?order=oldest",
        f"/{event.slug}/changes?after=0&epoch={event.epoch}",
        f"/{event.slug}/embed/",
        f"/{event.slug}/fragment",
        f"/{event.slug}/fragment?view=latest",
        f"/{event.slug}/fragment?after=0",
    ]
    answers = [client.get(path) for path in paths]
    return [(answer.status_code, answer.headers.get("ETag"), answer.content) for answer in answers]


def make(event, author, state, image):
    content = EntryContent(
        "Embargoed", (PhotoContent(image.pk, alt="Secret quay", credit="Noor"), TextContent("<p>S</p>"))
    )
    written = EntryInput(event.pk, content)
    if state == "scheduled":
        return publishing.schedule(written, author, timezone.now() + timedelta(hours=1)).entry
    entry = (
        publishing.submit(written, author).entry
        if state == "submitted"
        else publishing.save_draft(written, author).entry
    )
    if state == "discarded":
        publishing.discard(entry.pk, author)
    return entry


@pytest.mark.parametrize("state", ["draft", "submitted", "scheduled", "discarded"])
def test_pages_tags_and_catch_up_are_what_they_were(client, event, state):
    author = editor_of(event)
    image = make_picture(author)
    before = seen_by_readers(client, event, None)

    entry = make(event, author, state, image)

    assert Entry.objects.get(pk=entry.pk).status == state
    assert seen_by_readers(client, event, entry) == before
    assert Rendition.objects.count() == 0
    unknown, its = client.get(f"/{event.slug}/{'x' * 10}/"), client.get(entry.get_absolute_url())
    assert (its.status_code, its.content) == (unknown.status_code, unknown.content)


def test_a_change_that_waits_is_nowhere(client, event):
    noor = make_member(event)
    entry = post(event, "Gate holds", author=noor)
    before = seen_by_readers(client, event, entry)

    publishing.propose(entry.pk, EntryContent("Gate gives way"), noor)

    assert seen_by_readers(client, event, entry) == before
    assert b"gives way" not in client.get(entry.get_absolute_url()).content


@pytest.mark.once
@pytest.mark.long
def test_every_surface_before_and_after_the_moment(client, event, django_capture_on_commit_callbacks):
    """Nothing of it is anywhere a second before its time, and it is everywhere at its time."""
    author, moment = editor_of(event), timezone.now() + timedelta(hours=1)
    visible = post(event, "With a photo", blocks=[PhotoContent(make_picture(author).pk, alt="Quay", credit="Noor")])
    before = surfaces_of(client, event, visible)
    content = EntryContent("Embargoed", (TextContent("<p>Lindqvist resigns</p>"),), is_key=True)
    entry = publishing.schedule(EntryInput(event.pk, content), author, moment).entry

    publish_due(entry.pk, at=moment - timedelta(seconds=1))
    assert surfaces_of(client, event, visible) == before
    with django_capture_on_commit_callbacks(execute=True):
        publish_due(entry.pk, at=moment)

    after = surfaces_of(client, event, visible)
    changed = {route for route in after if present(after[route]) != present(before[route])}
    assert changed == (READER_ROUTES | DATED) - {MEDIA, CROP, CAPTIONS, "corrections/"}
    for route in changed - DATED - {CARD}:  # the card is a picture of its words
        assert any(b"Embargoed" in body or b"Lindqvist" in body for *_, body in after[route]), route


def surfaces_of(client, event, visible):
    """Status, tag and body of every address of the readers, by route."""
    head = 20  # beyond the head it is only an empty answer
    responses = {}
    for route, addresses in samples(event, visible, head).items():
        if route not in {"healthz", "readyz", "metrics"}:
            answers = [client.get(address) for address in addresses]
            responses[route] = [(answer.status_code, answer.headers.get("ETag"), answer.content) for answer in answers]
    return responses


def present(responses):
    return [response for response in responses if response[0] != HTTPStatus.NOT_FOUND]
