"""The input of an operation on an entry, its result, and the transaction that finds or begins the entry."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EntryStatus
from updates.models import Entry, Revision
from updates.permissions import check_may_moderate
from updates.types import User

from .content import EntryContent
from .content_mapping import read_content, title_of
from .editing import check_version
from .errors import KeyReused, NewerVersion, Refused
from .last_change import last_change_sentence
from .operation import Operation, operation


@dataclass(frozen=True)
class EntryInput:
    """The input for an entry of an event: a new, an unpublished or a published one.

    ``entry_id`` names the entry. Without it ``key``, made when composing starts, finds the entry that the same writer
    has begun with it, so that an autosaved draft and every retry are one entry. ``version`` is the one that the writer
    saw. Without ``content`` the entry keeps its own.
    """

    event_id: int
    content: EntryContent | None = None
    entry_id: int | None = None
    key: str | None = None
    version: int | None = None
    number: int = 0
    """Numbers the saves of the form with this ``key`` in the order of reading it; 0 without scripts."""
    note: str | None = None
    """To readers, about a change of a published entry; ``None`` if no note is asked for."""
    clarifies: bool = False
    """Whether the note is a clarification: nothing was wrong."""
    shows_change: bool = False
    """Whether readers may unfold the old and the new text."""
    revision_version: int | None = None
    """The version of the submitted change that is approved."""
    when: datetime | None = None
    """The time to publish at."""
    alert: bool = False
    """Whether subscribers are notified when it is published, now or at its scheduled time."""
    go_live: bool = False
    """Whether to open an event that has not started."""
    picture_dates: Mapping[int, datetime] = field(default_factory=dict)
    """Until when pictures may be shown, by primary key."""

    @property
    def by_key(self) -> bool:
        """Whether it comes from the form in which the entry was begun."""
        return self.entry_id is None


@dataclass(frozen=True)
class EntryResult:
    """The saved entry, or the refusal."""

    saved: Entry | None
    is_new: bool = True
    """``False`` if the entry was there already, perhaps by a first try of the same input."""
    refusal: Exception | None = None

    @property
    def entry(self) -> Entry:
        """The saved entry; raises the refusal if there is none."""
        if self.saved is None:
            raise self.refusal or ValueError("There is neither an entry nor a refusal")
        return self.saved

    @property
    def other(self) -> Entry | None:
        """The version, or the first entry with the same key, that the input conflicts with."""
        match self.refusal:
            case NewerVersion(current=Entry() as other) | KeyReused(first=Entry() as other):
                return other
        return None

    @property
    def is_reused_key(self) -> bool:
        return isinstance(self.refusal, KeyReused)

    @property
    def revision(self) -> Revision | None:
        """The submitted change that the input conflicts with."""
        match self.refusal:
            case NewerVersion(revision=Revision() as revision):
                return revision
        return None


@contextmanager
def input_operation(entry_input: EntryInput, actor: User, at: datetime | None) -> Iterator[tuple[Operation, Entry]]:
    """Run one operation on the entry of an input, read under the lock; a new entry has no ``pk``.

    Stores the number of the save also where its content changes nothing.
    """
    with operation(entry_input.event_id, actor, at) as running:
        entry = _find(entry_input, actor) or _begun(entry_input, actor)
        if entry.is_stored and entry.event_id != entry_input.event_id:
            raise KeyReused(_("This was already sent to another live blog."), first=entry)
        entry.event = running.event
        _check_not_erased(entry)
        yield running, entry
        if entry_input.by_key and entry.is_unpublished and entry.save_number < entry_input.number:
            Entry.objects.filter(pk=entry.pk).update(save_number=entry_input.number)


def _check_not_erased(entry: Entry) -> None:
    """Refuse the words of an erased draft that a device still has; any other discarded entry may come back."""
    if entry.status == EntryStatus.DISCARDED and entry.changes.filter(kind=ChangeKind.ERASE).exists():
        why = _("This update was discarded.")
        raise Refused(f"{why} {last_change_sentence(entry, ChangeKind.ERASE)}", code="entry-discarded")


def _find(entry_input: EntryInput, actor: User) -> Entry | None:
    if entry_input.entry_id is not None:
        return Entry.objects.get(pk=entry_input.entry_id)
    if entry_input.key:
        return Entry.objects.filter(author=actor, idempotency_key=entry_input.key).first()
    return None


def _begun(entry_input: EntryInput, actor: User) -> Entry:
    return Entry(author=actor, idempotency_key=entry_input.key or None, save_number=entry_input.number)


def check_unpublished(entry: Entry) -> None:
    if not entry.is_unpublished:
        raise Refused(_("This update is already published."), code="published")


def complete_content(entry: Entry, entry_input: EntryInput) -> EntryContent:
    """Return the content to publish, checked and cleaned."""
    return (read_content(entry) if entry_input.content is None else entry_input.content).cleaned()


def check_key_mark(running: Operation, entry: Entry, content: EntryContent) -> None:
    if content.is_key != entry.is_key:
        check_may_moderate(running.user, running.event)


def has_changed(entry: Entry, entry_input: EntryInput, content: EntryContent) -> bool:
    """Return whether the content differs from the entry's own.

    Raises ``NewerVersion`` rather than overwrite what the writer has not seen. The form in which the entry was begun
    knows its own saves, in whatever order they and their responses arrive: it needs the version only if another
    page has saved since.
    """
    if not entry.is_stored:
        return True
    if entry_input.content is None:
        check_version(entry, entry_input.version)
    if read_content(entry) == content:
        return False
    if entry_input.by_key and entry.saved_by_key:
        return True
    check_version(entry, 0 if entry_input.by_key and entry_input.version is None else entry_input.version)
    return True


def set_content(running: Operation, entry: Entry, content: EntryContent, *, by_key: bool) -> None:
    """Set the entry's own columns; its block rows are written once it has been saved."""
    entry.saved_by_key = by_key
    entry.headline, entry.title, entry.is_key = content.headline, title_of(content), content.is_key
    entry.saved_at = running.at


def check_same_content(first: Entry, content: EntryContent) -> Entry:
    """Compare with what was sent first, not with the entry as it is: somebody may have edited it since."""
    sent = {digest for digest in first.changes.values_list("snapshot__sent", flat=True) if digest}
    if content.digest not in (sent or {read_content(first).digest}):
        raise KeyReused(
            _("This was already sent with different content. Both versions are shown. Choose one."), first=first
        )
    return first
