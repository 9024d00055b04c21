"""Updates that are not out yet, and how to look at them."""

from datetime import timedelta

from tests.factories import NOON
from updates import publishing
from updates.models import Entry, Event
from updates.publishing import EntryContent, EntryInput, TextContent

WORDS = EntryContent("Gate holds", (TextContent("<p>It holds.</p>"),))
OTHER = EntryContent("Gate gives way", (TextContent("<p>It gives.</p>"),))
LATER = NOON + timedelta(hours=6)


def draft(event, who, content=WORDS, **options):
    return publishing.save_draft(EntryInput(event.pk, content, **options), who, at=NOON).entry


def submitted(event, who, content=WORDS, **options):
    return publishing.submit(EntryInput(event.pk, content, **options), who, at=NOON).entry


def scheduled(event, who, content=WORDS, when=LATER, **options):
    return publishing.schedule(EntryInput(event.pk, content, **options), who, when, at=NOON).entry


def fresh(entry):
    return Entry.objects.get(pk=entry.pk)


def log_of(entry):
    return list(entry.changes.order_by("desk_seq").values_list("kind", "seq"))


def counters(event):
    return Event.objects.values_list("head", "seq", "ordinals", "entry_count", "epoch", "version").get(pk=event.pk)
