"""Changing what an entry says: edit, correct, clarify, bring back an earlier version."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from updates.choices import ChangeKind
from updates.content.diff import FOR_READERS, changed_lines, lines_of
from updates.content.sanitize import clean_line
from updates.models import Entry
from updates.permissions import check_may_edit, check_may_moderate
from updates.types import User

from .content import EntryContent
from .content_mapping import published_content, read_content, title_of, write_rows
from .errors import NewerVersion, Refused
from .last_change import last_change_sentence
from .limits import check_correction
from .operation import Operation, entry_operation, retried
from .pictures.renditions import public_ids_in, withdraw_on_commit
from .versions import version_content

SECOND_THOUGHTS = timedelta(minutes=1)
"""An edit this soon after publishing is not shown as one."""

UNCHANGED = "unchanged"
"""The code of the refusal to correct nothing: a clarification may be what is meant."""

BESIDE_THE_WORDS = {ChangeKind.PIN, ChangeKind.UNPIN, ChangeKind.MOVE, ChangeKind.TIME}
"""Changes that overwrite nothing an edit sends, and are not overwritten by one."""


@dataclass(frozen=True)
class Rewrite:
    """What kind of change it is, and what readers are told of it."""

    kind: ChangeKind = ChangeKind.EDIT
    note: str = ""
    shows_change: bool = False
    """Readers may unfold what it said before and after."""
    of_version: int | None = None
    """The number in the log whose content it brings back."""

    @property
    def was_published(self) -> bool:
        return self.of_version is not None

    def cleaned(self) -> "Rewrite":
        note = clean_line(self.note)
        check_correction(note)
        return replace(self, note=note)


@retried
def edit(
    entry_id: int, content: EntryContent, actor: User, *, version: int | None = None, at: datetime | None = None
) -> Entry:
    """Change an entry; shown as “Updated” unless it comes within a minute.

    With ``version`` it is refused when somebody saved a newer one: ``NewerVersion`` carries the present entry.
    """
    return _rewrite(entry_id, content, actor, Rewrite(), version=version, at=at)


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
    """Change an entry and say so on it: “Corrected 14:32: ” and the note. Refused when nothing changed.

    However soon after publishing, the note is shown: somebody may have read what was wrong.
    """
    how = Rewrite(ChangeKind.CORRECT, note, shows_change)
    if not how.cleaned().note:
        raise Refused(_("Say what was corrected: readers see it on the update."))
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
    """“Clarified 14:32: ” and the note, for what was not wrong; the words of the entry may stay as they are."""
    how = Rewrite(ChangeKind.CLARIFY, note, shows_change)
    if not how.cleaned().note:
        raise Refused(_("Say what is clarified: readers see it on the update."))
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
    """Publish what an entry said after the change ``desk_seq``, as a new change; with a note it is a correction."""
    entry = Entry.objects.select_related("event").get(pk=entry_id)
    check_may_edit(actor, entry)  # asked again under the lock; here, so that a refused right is the first to be said
    content = version_content(entry, desk_seq)
    how = Rewrite(ChangeKind.CORRECT if clean_line(note) else ChangeKind.REVERT, note, of_version=desk_seq)
    return _rewrite(entry_id, content, actor, how, version=version, at=at)


def _rewrite(
    entry_id: int, content: EntryContent, actor: User, how: Rewrite, *, version: int | None, at: datetime | None
) -> Entry:
    content, how = content.cleaned(was_published=how.was_published), how.cleaned()
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_edit(actor, entry)
        if content.is_key != entry.is_key:
            check_may_moderate(actor, running.event)
        if not entry.is_published:
            why = _("This update was removed. Restore it before changing it.")
            raise Refused(f"{why} {last_change_sentence(entry, ChangeKind.REMOVE, ChangeKind.ERASE)}".strip())
        is_same = read_content(entry) == content
        if is_same and (not how.note or _is_told(entry, how)):
            return entry  # whatever the version: nothing is written over, and a retry finds what it has done
        check_version(entry, version)
        if is_same and how.kind != ChangeKind.CLARIFY:
            raise Refused(_("Nothing was changed, so there is nothing to correct."), code=UNCHANGED)
        put_in_place(running, entry, content, how)
    return entry


def _is_told(entry: Entry, how: Rewrite) -> bool:
    """Whether the newest note is this one: sent before, with an answer that was lost."""
    newest: dict[str, Any] = (entry.content["corrections"] or [{}])[-1]
    sent = (how.note, how.kind == ChangeKind.CLARIFY)
    return (newest.get("note"), newest.get("clarifies", False)) == sent


def put_in_place(running: Operation, entry: Entry, content: EntryContent, how: Rewrite) -> None:
    """Readers get the new words in the place of the old, after all questions."""
    before = public_ids_in(entry.content)
    _apply(running, entry, content, how)
    write_rows(entry, content, replace=True)
    withdraw_on_commit(before - public_ids_in(entry.content))


def _apply(running: Operation, entry: Entry, content: EntryContent, how: Rewrite) -> None:
    was = entry.content
    entry.headline, entry.title, entry.is_key = content.headline, title_of(content), content.is_key
    entry.content = published_content(content, entry.author, was_published=how.was_published) | {
        "corrections": was["corrections"]
    }
    if how.note:
        entry.content["corrections"] = [*was["corrections"], _told(running, was, entry.content, how)]
        entry.corrected_at = running.at
    elif running.at - _first_seen(entry) > SECOND_THOUGHTS:
        entry.updated_at = running.at
    more: dict[str, Any] = {} if how.of_version is None else {"of_version": how.of_version}
    running.entry_changed(entry, how.kind, note=how.note, bylines=list(content.bylines), **more)


def _told(running: Operation, was: dict[str, Any], now: dict[str, Any], how: Rewrite) -> dict[str, Any]:
    """What readers get of a correction; its shape stands in ``content.py``."""
    told: dict[str, Any] = {"at": running.at.isoformat(), "note": how.note}
    if how.kind == ChangeKind.CLARIFY:
        told["clarifies"] = True
    if how.shows_change:
        said = ([line for line in lines_of(content) if line.part in FOR_READERS] for content in (was, now))
        told["change"] = [line.stored() for line in changed_lines(*said)]
    return told


def _first_seen(entry: Entry) -> datetime:
    """When readers first got it: the displayed time may have been set to another."""
    published = entry.changes.filter(kind=ChangeKind.PUBLISH).order_by("-desk_seq").values_list("at", flat=True)
    return published.first() or entry.published_at or entry.created_at


def check_version(entry: Entry, version: int | None) -> None:
    """Whether somebody saved a newer version that this one would overwrite."""
    if version is None or version == entry.version:
        return
    behind = max(0, entry.version - version)
    known = entry.changes.filter(seq__isnull=False).order_by("-desk_seq")  # the desk's own say nothing of what is out
    since = list(known.values_list("kind", flat=True)[:behind])
    if version > entry.version or len(since) < behind or set(since) - BESIDE_THE_WORDS:
        why = _("Somebody saved a newer version of this update meanwhile.")
        raise NewerVersion(f"{why} {last_change_sentence(entry)}".strip(), current=entry)
