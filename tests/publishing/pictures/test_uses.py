"""The index of which published content shows which picture."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import editor_of, make_event, make_picture, make_user, post
from updates import publishing
from updates.models import PictureUse
from updates.publishing import EntryContent, PhotoContent, TextContent
from updates.publishing.erasure import erase_entry
from updates.publishing.pictures.renditions import withdraw
from updates.publishing.pictures.uses import entries_showing, events_showing

pytestmark = pytest.mark.django_db


def photo(image):
    return PhotoContent(image.pk, "The gate", "Noor Hadad")


def uses(entry):
    return list(PictureUse.objects.filter(entry=entry).order_by("pk").values_list("image", "is_shown"))


def test_index_follows_what_an_entry_shows():
    event = make_event()
    boss = editor_of(event)
    first, second = make_picture(boss, colour=(1, 2, 3)), make_picture(boss, colour=(3, 2, 1))
    entry = post(event, "Photo", author=boss, blocks=[photo(first)])
    assert uses(entry) == [(first.pk, True)]

    publishing.edit(entry.pk, EntryContent("Photo", (photo(second),)), boss)
    assert uses(entry) == [(first.pk, False), (second.pk, True)]

    publishing.remove(entry.pk, boss)
    assert uses(entry) == [(first.pk, False), (second.pk, False)]

    publishing.restore(entry.pk, boss)
    assert uses(entry) == [(first.pk, False), (second.pk, True)]

    erase_entry(entry.pk, make_user("root", superuser=True), reason="Court order")
    assert uses(entry) == []


def test_finding_what_shows_a_photo_reads_no_content():
    event = make_event()
    boss = editor_of(event)
    image = make_picture(boss)
    post(event, "Other", author=boss, blocks=[TextContent("<p>The water stands at the gate.</p>")])
    entry = post(event, "Photo", author=boss, blocks=[photo(image)])

    with CaptureQueriesContext(connection) as queries:
        withdraw([image.public_id])
        assert list(entries_showing(image).values_list("pk", flat=True)) == [entry.pk]  # as when its time is over
        assert events_showing(image).exists()

    assert image.renditions.exists()
    assert not [query["sql"] for query in queries if "content" in query["sql"]]

    publishing.remove(entry.pk, boss)
    withdraw([image.public_id])
    assert not image.renditions.exists()
