"""Submitted changes of published entries. Readers see the published content until a change is approved."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EntryStatus
from updates.content.sanitize import clean_line
from updates.models import Entry, Revision
from updates.permissions import check_may_edit, check_may_moderate, check_may_propose
from updates.types import User

from .content import EntryContent
from .content_mapping import read_content
from .draft_content import as_json, check_references, from_json
from .editing import ContentChange, check_version, is_published, write_changed
from .entry_input import check_key_mark
from .errors import NewerVersion, Refused
from .limits import check_correction
from .operation import Operation, entry_operation, retried
from .submissions import cleaned_note


@retried
def propose(
    entry_id: int,
    content: EntryContent,
    actor: User,
    *,
    correction: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> Revision:
    """Submit a change of a published entry, or replace the one that waits. ``correction`` is a note to readers.

    ``version`` is the one of the entry that the writer saw; a newer one raises ``NewerVersion``.
    """
    content, correction = content.cleaned(), clean_line(correction)
    check_correction(correction)
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_propose(actor, entry)
        check_key_mark(running, entry, content)
        _check_published(entry)
        check_version(entry, version)
        check_references(content)
        revision = Revision.objects.filter(entry=entry).first()
        if revision is None or not revision.is_submitted:
            if read_content(entry) == content:
                raise Refused(_("Nothing was changed, so there is nothing to submit."))
        elif (from_json(revision.content), revision.correction) == (content, correction):
            return revision
        revision = _fill(revision or Revision(entry=entry, author=actor, version=0), content, correction, running)
        running.log_entry(entry, ChangeKind.SUBMIT, note=correction, revision=revision.content)
    return revision


def _fill(revision: Revision, content: EntryContent, correction: str, running: Operation) -> Revision:
    revision.content, revision.correction = as_json(content), correction
    revision.status, revision.sent_back_note = EntryStatus.SUBMITTED, ""
    revision.submitted_at, revision.base_version = running.at, revision.entry.version
    revision.version += 1
    revision.save()
    return revision


@retried
def approve_revision(
    entry_id: int,
    actor: User,
    *,
    content: EntryContent | None = None,
    version: int | None = None,
    revision_version: int | None = None,
    at: datetime | None = None,
) -> Entry:
    """Publish a submitted change, as it is or with other content.

    Raises ``NewerVersion`` if the published entry has changed since the change was written, or with ``content`` since
    ``version``. ``revision_version`` is the version of the change that the approver saw.
    """
    content = content.cleaned() if content else None
    with _revision_operation(entry_id, actor, at) as (running, entry, revision):
        check_may_edit(actor, entry)
        _check_published(entry)
        _check_waiting(revision, revision_version)
        check_version(entry, revision.base_version if content is None else version)
        content = content or from_json(revision.content)
        check_key_mark(running, entry, content)
        how = ContentChange(ChangeKind.CORRECT if revision.correction else ChangeKind.EDIT, revision.correction)
        if is_published(entry, content, how):  # somebody has made the same change meanwhile
            running.log_entry(entry, ChangeKind.WITHDRAW, revision=revision.content)
        else:
            write_changed(running, entry, content, how)
        revision.delete()
    return entry


@retried
def send_back_revision(
    entry_id: int, note: str, actor: User, *, version: int | None = None, at: datetime | None = None
) -> Revision:
    """Return a change to its writer. ``version`` is the version of the change that the moderator saw."""
    note = cleaned_note(note)
    with _revision_operation(entry_id, actor, at) as (running, entry, revision):
        check_may_moderate(actor, running.event)
        _check_waiting(revision, version)
        revision.status, revision.sent_back_note = EntryStatus.DRAFT, note
        revision.version += 1
        revision.save()
        running.log_entry(entry, ChangeKind.SEND_BACK, reason=note)
    return revision


@retried
def withdraw_revision(entry_id: int, actor: User, *, at: datetime | None = None) -> Entry:
    """Delete a change, submitted or sent back. The published entry stays as it is."""
    with _revision_operation(entry_id, actor, at) as (running, entry, revision):
        check_may_propose(actor, entry)
        running.log_entry(entry, ChangeKind.WITHDRAW, revision=revision.content)
        revision.delete()
    return entry


def revision_content(revision: Revision) -> EntryContent:
    return from_json(revision.content)


@contextmanager
def _revision_operation(entry_id: int, actor: User, at: datetime | None) -> Iterator[tuple[Operation, Entry, Revision]]:
    with entry_operation(entry_id, actor, at) as (running, entry):
        revision = Revision.objects.filter(entry=entry).first()
        if revision is None:
            raise Refused(_("This update no longer has a submitted change."), code="no-revision")
        revision.entry = entry
        yield running, entry, revision


def _check_waiting(revision: Revision, seen: int | None) -> None:
    if not revision.is_submitted:
        raise Refused(_("This change was sent back to its author."))
    if seen is not None and seen != revision.version:
        why = _("Its author has changed it since you opened it. Check it again.")
        raise NewerVersion(why, current=revision.entry, revision=revision)


def _check_published(entry: Entry) -> None:
    if not entry.is_published:
        raise Refused(_("This update was removed. Restore it before changing it."))
