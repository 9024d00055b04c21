"""No text is longer than its column: PostgreSQL would break off where SQLite stores all of it."""

import pytest
from django.core.exceptions import ValidationError

from tests.factories import NOON, editor_of, make_editor, make_event, post
from updates import publishing
from updates.choices import ChangeKind, EventStatus
from updates.models import Change, Event
from updates.publishing import EmbedContent, EntryContent, EventDetails, PhotoContent, QuoteContent
from updates.publishing.imports import CorrectionRecord, EntryRecord, EventRecord, Removal, import_event

pytestmark = pytest.mark.django_db

LINK = "https://example.org/"


def photo(**texts):
    return PhotoContent(0, **({"alt": "A gate", "credit": "Lena Orsk"} | texts))


CONTENTS = {
    "headline": (200, EntryContent),
    "alt text": (500, lambda text: EntryContent(blocks=(photo(alt=text),))),
    "caption": (1000, lambda text: EntryContent(blocks=(photo(caption=text),))),
    "credit": (200, lambda text: EntryContent(blocks=(photo(credit=text),))),
    "who said it": (200, lambda text: EntryContent(blocks=(QuoteContent("Stay off.", text),))),
    "lead-in": (200, lambda text: EntryContent(blocks=(EmbedContent(LINK, lead_in=text),))),
    "title": (200, lambda text: EntryContent(blocks=(EmbedContent(LINK, title=text),))),
}


@pytest.mark.parametrize(("name", "most", "content"), [(name, *rest) for name, rest in CONTENTS.items()])
def test_content_is_no_longer_than_its_column(name, most, content):
    content("x" * most).cleaned()

    with pytest.raises(ValidationError) as refused:
        content("x" * (most + 1)).cleaned()
    assert refused.value.messages == [f"“{name}” has {most + 1} characters. The limit is {most}."]


def remove(entry, note):
    publishing.remove(entry.pk, editor_of(entry.event), reader_note=note)


def correct(entry, note):
    publishing.correct(entry.pk, EntryContent("Other"), note, editor_of(entry.event))


def postpone(entry, note):
    publishing.change_state(entry.event_id, ChangeKind.POSTPONE, editor_of(entry.event), note=note)


@pytest.mark.parametrize(
    ("operation", "name"), [(remove, "reader note"), (correct, "Correction"), (postpone, "note to readers")]
)
def test_note_is_no_longer_than_its_column(operation, name):
    entry = post(make_event(), "Gate holds")
    changes = Change.objects.count()

    with pytest.raises(ValidationError) as refused:
        operation(entry, "x" * 301)
    assert refused.value.messages == [f"“{name}” has 301 characters. The limit is 300."]
    assert Change.objects.count() == changes

    operation(entry, "x" * 300)
    assert Change.objects.count() == changes + 1


def an_event(*, status_note="", **entry):
    entries = (EntryRecord(EntryContent("Gate holds"), NOON, 1, **entry),)
    details = EventDetails(title="Storm", slug="storm")
    return EventRecord(details, EventStatus.LIVE, entries, 1, status_note=status_note)


@pytest.mark.parametrize(
    "record",
    [
        an_event(status_note="x" * 301),
        an_event(corrections=(CorrectionRecord(NOON, "x" * 301),)),
        an_event(removal=Removal(NOON, "x" * 301)),
    ],
)
def test_import_takes_no_longer_notes_either(record):
    with pytest.raises(ValidationError, match=r"has 301 characters\. The limit is 300"):
        import_event(record, make_editor())
    assert not Event.objects.exists()
