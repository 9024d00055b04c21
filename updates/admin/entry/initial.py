"""The initial values of an entry form: empty, an entry's content, or the submitted change of it."""

from collections.abc import Iterable
from uuid import uuid4

from updates import publishing
from updates.admin.fields import to_wall_clock
from updates.choices import EntryStatus
from updates.models import Entry, Event, Person, Revision
from updates.publishing import BlockContent, TextContent
from updates.publishing.revisions import revision_content
from updates.types import User

Values = tuple[dict[str, object], Iterable[BlockContent]]
"""Values of the fields by name, and the blocks."""


def new_key() -> str:
    return uuid4().hex


def new_entry_values(user: User) -> Values:
    return {"key": new_key(), "bylines": _own_byline(user)}, [TextContent("")]


def entry_values(entry: Entry, user: User, *, reviewing: bool) -> Values:
    """Return the values of an entry. A writer goes on with the change that they submitted; others see it on request."""
    revision: Revision | None = getattr(entry, "revision", None)
    shows_change = revision is not None and (reviewing or revision.author_id == user.pk)
    content = revision_content(revision) if revision and shows_change else publishing.read_content(entry)
    initial: dict[str, object] = {
        "headline": content.headline,
        "bylines": content.bylines,
        "is_key": content.is_key,
        "version": entry.version,
        "with_alert": entry.alerts_when_due,
        "when": to_wall_clock(entry.scheduled_at, entry.event.time_zone),
    }
    if revision and shows_change:
        initial |= {"revision_version": revision.version, "correction": revision.correction}
    return initial, content.blocks or [TextContent("")]


def own_drafts(user: User, event: Event) -> list[Entry]:
    """Return a user's drafts of an event, from whatever device; those that were sent back first."""
    own = Entry.objects.filter(event=event, author=user, status=EntryStatus.DRAFT).order_by("-saved_at", "-pk")[:50]
    return sorted(own, key=lambda entry: not entry.sent_back_note)


def _own_byline(user: User) -> list[int]:
    person: Person | None = getattr(user, "person", None)
    return [person.pk] if person else []
