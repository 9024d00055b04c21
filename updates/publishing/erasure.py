"""Erasure of an entry's content for legal reasons, for good and everywhere it is stored.

The removed entry stays with its address, place and numbers, and the log with who and when. Readers get the ``del`` item
of any removal, so their numbers go on and no new epoch is needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EntryStatus
from updates.content.sanitize import clean_line
from updates.models import (
    BLOCK_MODELS,
    Byline,
    EmbedBlock,
    Entry,
    Image,
    PhotoBlock,
    PictureUse,
    Rendition,
    Revision,
)
from updates.permissions import check_may_erase
from updates.types import User

from .errors import NewerVersion, Refused
from .operation import entry_operation, retried
from .pictures.renditions import delete_files, hold
from .revisions import revision_content
from .unused_pictures import references_to
from .webhooks import forget_answers

ERASED = {"erased": True}
"""What the log keeps in place of a snapshot."""


@dataclass(frozen=True)
class Erasure:
    entry: Entry
    changes: int
    """Rows of the log whose content is erased."""
    pictures: int
    shared_pictures: int
    """Pictures that something else shows, or once showed."""


@retried
def erase_entry(
    entry_id: int, actor: User, *, reason: str, among: QuerySet[Entry] | None = None, at: datetime | None = None
) -> Erasure:
    """Erase an entry's content everywhere. ``reason`` stays in the log. It cannot be undone.

    Raises ``NewerVersion`` if the entry is not ``among`` those any more, by what is read under the lock.
    """
    reason = clean_line(reason)
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_erase(actor)
        _check(entry, reason, among)
        pictures = _pictures_of(entry)
        forget_answers(running.event, [seq for seq in entry.changes.values_list("seq", flat=True) if seq])
        changes = entry.changes.update(snapshot=ERASED, reason="", note="")
        _erase_words(entry)
        if entry.is_published:
            running.event.entry_count -= 1
            entry.removed_at, entry.removed_by = running.at, actor
        if entry.is_published or entry.is_removed:
            entry.status = EntryStatus.REMOVED
            running.entry_changed(entry, ChangeKind.ERASE, reason=reason, erased=True)
        else:
            entry.status = EntryStatus.DISCARDED
            running.save_unpublished(entry, ChangeKind.ERASE, reason=reason, erased=True)
        _erase_rows(entry)
        erased, renditions = _erase_pictures(pictures)
    masters = [image.master for image in erased]
    # After all that follows the commit, since its error reaches the person who erases.
    transaction.on_commit(partial(delete_files, renditions, masters))
    return Erasure(entry, changes, len(erased), len(pictures) - len(erased))


def _check(entry: Entry, reason: str, among: QuerySet[Entry] | None) -> None:
    if not reason:
        raise Refused(_("Give a reason for erasing it. The log keeps only the reason."))
    if among is not None and not among.filter(pk=entry.pk).exists():
        raise NewerVersion(_("Somebody saved a newer version of this update."), current=entry)


def _pictures_of(entry: Entry) -> list[Image]:
    """Find and hold all that the entry shows or ever showed: by its rows, the index, the log and a submitted change."""
    revisions = (revision_content(revision).image_ids() for revision in Revision.objects.filter(entry=entry))
    named = _pictures_in_log(entry).union(*revisions)
    this = OuterRef("pk")
    in_use = (
        Q(Exists(PictureUse.objects.filter(entry=entry, image=this)))
        | Q(Exists(PhotoBlock.objects.filter(parent=entry, image=this)))
        | Q(Exists(EmbedBlock.objects.filter(parent=entry, poster=this)))
    )
    return hold(Image.objects.filter(in_use | Q(pk__in=named)).values_list("pk", flat=True))


def _pictures_in_log(entry: Entry) -> set[int]:
    """Return the keys of what drafts and submitted changes of the entry showed, which only the log names."""
    rows = entry.changes.order_by().values_list("snapshot__written__blocks", "snapshot__revision__blocks")
    blocks = (block for row in rows.iterator(chunk_size=100) for some in row for block in some or ())
    return {pk for block in blocks for name in ("image_id", "poster_id") if (pk := block.get(name))}


def _erase_rows(entry: Entry) -> None:
    for model in BLOCK_MODELS:
        model.objects.filter(parent=entry).delete()
    Byline.objects.filter(entry=entry).delete()
    PictureUse.objects.filter(entry=entry).delete()
    Revision.objects.filter(entry=entry).delete()


def _erase_words(entry: Entry) -> None:
    """Empty all texts of an entry. Its idempotency key stays, so a device that sends the content again is refused."""
    entry.headline = entry.title = entry.reader_note = entry.sent_back_note = ""
    entry.content = {"headline": "", "blocks": [], "bylines": [], "corrections": []}
    entry.is_key = entry.is_pinned = False
    entry.updated_at = entry.corrected_at = None


def _erase_pictures(pictures: Iterable[Image]) -> tuple[list[Image], list[Rendition]]:
    """Delete the rows of pictures that nothing else refers to; return them, since their files go after the commit."""
    erased, renditions = [], []
    for image in pictures:
        if any(use.exists() for use in references_to(image)):
            continue
        renditions += list(image.renditions.all())
        image.renditions.all().delete()
        Image.objects.filter(pk=image.pk).delete()
        erased.append(image)
    return erased, renditions
