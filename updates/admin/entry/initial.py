"""What a form says before anybody has typed: nothing yet, what an entry says, or the change of it that waits."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from updates import publishing
from updates.admin.fields import on_the_clock
from updates.choices import EntryStatus
from updates.models import Entry, Event, Person, Revision
from updates.publishing import BlockContent, TextContent
from updates.publishing.revisions import revision_content

Values = tuple[dict[str, Any], Iterable[BlockContent]]


def new_key() -> str:
    return uuid4().hex


def fresh_values(user: Any) -> Values:
    return {"key": new_key(), "bylines": _own_name(user)}, [TextContent("")]


def values_of(entry: Entry, user: Any, *, reviewing: bool) -> Values:
    """A writer goes on with the change that they have submitted; others see it when they ask for it."""
    revision: Revision | None = getattr(entry, "revision", None)
    shows_change = revision is not None and (reviewing or revision.author_id == user.pk)
    content = revision_content(revision) if revision and shows_change else publishing.read_content(entry)
    initial: dict[str, Any] = {
        "headline": content.headline,
        "bylines": content.bylines,
        "is_key": content.is_key,
        "version": entry.version,
        "when": on_the_clock(entry.scheduled_at, entry.event.time_zone),
    }
    if revision and shows_change:
        initial |= {"revision_version": revision.version, "correction": revision.correction}
    return initial, content.blocks or [TextContent("")]


def my_drafts(user: Any, event: Event) -> list[Entry]:
    """What somebody has left at the desk of an event, on whatever device; those that were sent back first."""
    own = Entry.objects.filter(event=event, author=user, status=EntryStatus.DRAFT).order_by("-saved_at", "-pk")[:50]
    return sorted(own, key=lambda entry: not entry.sent_back_note)


def _own_name(user: Any) -> list[int]:
    person: Person | None = getattr(user, "person", None)
    return [person.pk] if person else []
