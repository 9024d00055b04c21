"""``docs/architecture.md``, “An entry's states”: each cell of the table, done."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import editor_of, make_event
from tests.servers import ROOT
from updates import publishing
from updates.models import Entry
from updates.publishing import EntryContent, EntryInput, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WORDS, OTHER = EntryContent("Gate holds"), EntryContent("Gate gives way")


def table():
    text = (ROOT / "docs" / "architecture.md").read_text()
    text = text[text.index("## An entry's states") : text.index("A published entry is never")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    operations = rows[0][1:]
    return [
        (re.sub(r"– \(new\)", "new", row[0]), name, cell)
        for row in rows[2:]
        for name, cell in zip(operations, row[1:], strict=True)
    ]


def later():
    return timezone.now() + timedelta(hours=1)


def made(event, state, who):
    if state == "new":
        return None
    entry = publishing.save_draft(EntryInput(event.pk, WORDS), who).entry
    known = EntryInput(event.pk, entry_id=entry.pk)
    if state == "submitted":
        publishing.submit(known, who)
    elif state == "scheduled":
        publishing.schedule(known, who, later())
    elif state == "discarded":
        publishing.discard(entry.pk, who)
    return entry


OPERATIONS = {
    "save": publishing.save_draft,
    "submit": publishing.submit,
    "withdraw": lambda words, who: publishing.withdraw(words.entry_id, who),
    "send back": lambda words, who: publishing.send_back(words.entry_id, "Why?", who),
    "schedule": lambda words, who: publishing.schedule(words, who, later()),
    "unschedule": lambda words, who: publishing.unschedule(words.entry_id, who),
    "publish": publishing.publish_entry,
    "discard": lambda words, who: publishing.discard(words.entry_id, who),
}


@pytest.mark.parametrize(("state", "operation", "cell"), table())
def test_each_cell_of_the_table(state, operation, cell):
    event = make_event()
    who = editor_of(event)
    entry = made(event, state, who)
    words = EntryInput(event.pk, OTHER, entry_id=entry and entry.pk)
    if cell == "–":
        with pytest.raises((Refused, Entry.DoesNotExist)):
            OPERATIONS[operation](words, who)
        return
    OPERATIONS[operation](words, who)
    assert Entry.objects.get().status in cell.split(" or ")
