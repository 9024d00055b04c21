"""Changes of published entries: edit, correct, clarify, restore an earlier version."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.choices import ChangeKind
from updates.content.diff import FOR_READERS, changed_lines, lines_of
from updates.content.published import CorrectionJSON, PublishedContent
from updates.content.sanitize import clean_line
from updates.models import Entry
from updates.permissions import check_may_edit, check_may_moderate
from updates.types import User
from updates.untyped import JSONObject

from .content import EntryContent
from .content_mapping import published_content, read_content, title_of, write_rows
from .errors import NewerVersion, Refused
from .last_change import last_change_sentence
from .limits import check_correction
from .operation import Operation, entry_operation, retried
from .pictures.renditions import withdraw_on_commit
from .pictures.uses import public_ids_in
from .versions import is_unsigned_import, version_content

UNMARKED_EDITS = timedelta(minutes=1)
"""How long after publishing an edit is not shown as one."""

UNCHANGED = "unchanged"
"""The code of the refusal to correct nothing: a clarification may be what is meant."""

NOTE_MISSING = {
    ChangeKind.CORRECT: gettext_lazy("Say what was corrected. Readers see this note on the update."),
    ChangeKind.CLARIFY: gettext_lazy("Say what is clarified. Readers see this note on the update."),
}

BESIDE_CONTENT = {ChangeKind.PIN, ChangeKind.UNPIN, ChangeKind.MOVE, ChangeKind.TIME}
"""Changes that concern no content: an edit may follow one that its writer has not seen, and the other way round."""


@dataclass(frozen=True)
class ContentChange:
    """The kind of a change, and the note that readers see with it."""

    kind: ChangeKind = ChangeKind.EDIT
    note: str = ""
    shows_change: bool = False
    """Whether readers may unfold the old and the new text."""
    of_version: int | None = None
    """The number in the log of the version that it restores."""

    @property
    def was_published(self) -> bool:
        return self.of_version is not None

    def cleaned(self) -> "ContentChange":
        note = clean_line(self.note)
        if not note and self.kind in NOTE_MISSING:
            raise Refused(NOTE_MISSING[self.kind])
        check_correction(note)
        return replace(self, note=note)


@retried
def edit(
    entry_id: int, content: EntryContent, actor: User, *, version: int | None = None, at: datetime | None = None
) -> Entry:
    """Change an entry; shown as “Updated” unless within a minute of publishing.

    With ``version``, raises ``NewerVersion`` with the current entry if somebody has saved a newer one.
    """
    return _rewrite(entry_id, content, actor, ContentChange(), version=version, at=at)


@retried
def correct(
    entry_id: int,
    content: EntryContent,
    note: str,
    actor: User,
    *,
    version: int | None = None,
    shows_change: bool = False,
    at: datetime | None = None,
) -> Entry:
    """Change an entry and show “Corrected 14:32: ” and the note on it. Refused if nothing changed.

    The note is shown however soon it comes after publishing: somebody may have read what was wrong.
    """
    how = ContentChange(ChangeKind.CORRECT, note, shows_change)
    return _rewrite(entry_id, content, actor, how, version=version, at=at)


@retried
def clarify(
    entry_id: int,
    content: EntryContent,
    note: str,
    actor: User,
    *,
    version: int | None = None,
    shows_change: bool = False,
    at: datetime | None = None,
) -> Entry:
    """Show “Clarified 14:32: ” and the note on an entry in which nothing was wrong; its content may stay the same."""
    how = ContentChange(ChangeKind.CLARIFY, note, shows_change)
    return _rewrite(entry_id, content, actor, how, version=version, at=at)


@retried
def restore_version(
    entry_id: int,
    desk_seq: int,
    actor: User,
    *,
    note: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> Entry:
    """Publish the content after the change ``desk_seq`` as a new change; with a note it is a correction."""
    how = ContentChange(ChangeKind.CORRECT if clean_line(note) else ChangeKind.REVERT, note, of_version=desk_seq)
    return _rewrite(entry_id, None, actor, how, version=version, at=at)


def _rewrite(
    entry_id: int,
    content: EntryContent | None,
    actor: User,
    how: ContentChange,
    *,
    version: int | None,
    at: datetime | None,
) -> Entry:
    how = how.cleaned()
    content = content and content.cleaned()
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_edit(actor, entry)
        if content is None:  # the log is read under the lock: an erasure may just have emptied it
            content = version_content(entry, how.of_version or 0).cleaned(was_published=True)
        if content.is_key != entry.is_key:
            check_may_moderate(actor, running.event)
        if not entry.is_published:
            why = _("This update was removed. Restore it before changing it.")
            raise Refused(f"{why} {last_change_sentence(entry, ChangeKind.REMOVE, ChangeKind.ERASE)}".strip())
        if is_published(entry, content, how):
            return entry  # whatever the version: nothing is overwritten, and this may be a retry
        check_version(entry, version)
        if read_content(entry) == content and how.kind != ChangeKind.CLARIFY:
            raise Refused(_("Nothing was changed, so there is nothing to correct."), code=UNCHANGED)
        write_changed(running, entry, content, how)
    return entry


def is_published(entry: Entry, content: EntryContent, how: ContentChange) -> bool:
    """Return whether readers have this content already, with its note if there is one."""
    return read_content(entry) == content and (not how.note or _is_repeated(entry, how))


def _is_repeated(entry: Entry, how: ContentChange) -> bool:
    """Return whether the newest note is this one: it was sent before, and the response was lost."""
    newest: JSONObject = (entry.content["corrections"] or [{}])[-1]
    sent = (how.note, how.kind == ChangeKind.CLARIFY)
    return (newest.get("note"), newest.get("clarifies", False)) == sent


def write_changed(running: Operation, entry: Entry, content: EntryContent, how: ContentChange) -> None:
    """Replace what readers get, after all checks."""
    before = public_ids_in(entry.content)
    _apply(running, entry, content, how)
    write_rows(entry, content, replace=True)
    withdraw_on_commit(before - public_ids_in(entry.content))


def _apply(running: Operation, entry: Entry, content: EntryContent, how: ContentChange) -> None:
    before, is_unsigned = entry.content, not content.bylines and is_unsigned_import(entry)
    entry.headline, entry.title, entry.is_key = content.headline, title_of(content), content.is_key
    entry.content = published_content(content, entry.author, was_published=how.was_published) | {
        "corrections": before["corrections"]
    }
    if is_unsigned:
        entry.content["bylines"] = []
    if how.note:
        entry.content["corrections"] = [*before["corrections"], _correction(running, before, entry.content, how)]
        entry.corrected_at = running.at
    elif running.at - _first_seen(entry) > UNMARKED_EDITS:
        entry.updated_at = running.at
    more: JSONObject = {} if how.of_version is None else {"of_version": how.of_version}
    running.entry_changed(entry, how.kind, note=how.note, bylines=list(content.bylines), **more)


def _correction(
    running: Operation, before: PublishedContent, now: PublishedContent, how: ContentChange
) -> CorrectionJSON:
    """Return what readers get of a correction; its shape is in ``content.py``."""
    correction: CorrectionJSON = {"at": running.at.isoformat(), "note": how.note}
    if how.kind == ChangeKind.CLARIFY:
        correction["clarifies"] = True
    if how.shows_change:
        lines = ([line for line in lines_of(content) if line.part in FOR_READERS] for content in (before, now))
        correction["change"] = [line.stored() for line in changed_lines(*lines)]
    return correction


def _first_seen(entry: Entry) -> datetime:
    """Return when readers first got it: the displayed time may have been changed."""
    published = entry.changes.filter(kind=ChangeKind.PUBLISH).order_by("-desk_seq").values_list("at", flat=True)
    return published.first() or entry.published_at or entry.created_at


def check_version(entry: Entry, version: int | None) -> None:
    """Raise ``NewerVersion`` if somebody saved a version that this one would overwrite."""
    if version is None or version == entry.version:
        return
    behind = max(0, entry.version - version)
    known = entry.changes.filter(seq__isnull=False).order_by("-desk_seq")  # changes at the desk only do not count
    since = list(known.values_list("kind", flat=True)[:behind])
    if version > entry.version or len(since) < behind or set(since) - BESIDE_CONTENT:
        why = _("Somebody saved a newer version of this update.")
        raise NewerVersion(f"{why} {last_change_sentence(entry)}".strip(), current=entry)
