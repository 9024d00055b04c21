"""What somebody has written, and which entry it is: a new one, one at the desk, or one that an earlier try has made."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from updates.models import Entry
from updates.permissions import check_may_moderate
from updates.types import User

from .content import EntryContent
from .content_mapping import read_content, title_of
from .editing import check_version
from .errors import KeyReused, Refused
from .operation import Operation, operation


@dataclass(frozen=True)
class EntryResult:
    """The entry, and whether this call made it (``False``: it was there already, perhaps by a first try)."""

    entry: Entry
    is_new: bool


@dataclass(frozen=True)
class EntryInput:
    """Words for an event, on their way into an entry that is not out yet.

    ``entry_id`` names the entry; without it ``key``, made when composing starts, finds the one that the same writer
    has begun with it, so that a draft kept on the way and every retry are one entry. ``version`` is the one that the
    writer saw. Without ``content`` the words stay as they stand.
    """

    event_id: int
    content: EntryContent | None = None
    entry_id: int | None = None
    key: str | None = None
    version: int | None = None

    @property
    def by_its_form(self) -> bool:
        """From the very form that the entry was begun in."""
        return self.entry_id is None


@contextmanager
def input_operation(written: EntryInput, actor: User, at: datetime | None) -> Iterator[tuple[Operation, Entry]]:
    """One operation on the entry that the words are for, read under the lock; a new one has no ``pk``."""
    with operation(written.event_id, actor, at) as running:
        entry = _find(written, actor) or Entry(author=actor, idempotency_key=written.key or None)
        if entry.is_stored and entry.event_id != written.event_id:
            raise KeyReused(_("This was already sent, to another live blog."), first=entry)
        entry.event = running.event
        yield running, entry


def _find(written: EntryInput, actor: User) -> Entry | None:
    if written.entry_id is not None:
        return Entry.objects.get(pk=written.entry_id)
    if written.key:
        return Entry.objects.filter(author=actor, idempotency_key=written.key).first()
    return None


def check_unpublished(entry: Entry) -> None:
    if not entry.is_unpublished:
        raise Refused(_("This update is published already."), code="published")


def words_of(entry: Entry, written: EntryInput) -> EntryContent:
    """What is to go out, whole and clean."""
    return (read_content(entry) if written.content is None else written.content).cleaned()


def check_key_mark(running: Operation, entry: Entry, content: EntryContent) -> None:
    if content.is_key != entry.is_key:
        check_may_moderate(running.user, running.event)


def has_changed(entry: Entry, written: EntryInput, content: EntryContent) -> bool:
    """Whether the words are other than those that are there. Raises ``NewerVersion`` rather than to write over words
    that the writer has not seen. The form that the entry was begun in knows its own, however its saves and answers
    overtook each other; only where another page has saved since does it need the version."""
    if not entry.is_stored:
        return True
    if written.content is None:
        check_version(entry, written.version)
    if read_content(entry) == content:
        return False
    if written.by_its_form and entry.saved_by_key:
        return True
    check_version(entry, 0 if written.by_its_form and written.version is None else written.version)
    return True


def put_words(running: Operation, entry: Entry, content: EntryContent, *, by_its_form: bool) -> None:
    """Into the entry's own columns; its rows are written once it has been saved."""
    entry.saved_by_key = by_its_form
    entry.headline, entry.title, entry.is_key = content.headline, title_of(content), content.is_key
    entry.saved_at = running.at


def same_or_refuse(first: Entry, content: EntryContent) -> Entry:
    """Compared with what was sent then, not with what has become of it: another may have edited it since."""
    sent = {digest for digest in first.changes.values_list("snapshot__sent", flat=True) if digest}
    if content.digest not in (sent or {read_content(first).digest}):
        raise KeyReused(_("This was already sent, with other content. Both are shown: keep one."), first=first)
    return first
