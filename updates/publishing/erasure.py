"""Erasing what an entry said, for legal reasons: for good, and without a trace of its words.

What stays is a tombstone: the removed entry with its address, its place and its numbers, and the rows of the log with
who and when. Readers get it as the ``del`` item that any removal is, so their numbers go on and no new epoch is needed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EntryStatus
from updates.content.sanitize import clean_line
from updates.models import (
    BLOCK_MODELS,
    Byline,
    Change,
    EmbedBlock,
    Entry,
    Event,
    Image,
    Person,
    PhotoBlock,
    Revision,
)
from updates.permissions import check_may_erase
from updates.types import User

from .errors import Refused
from .operation import entry_operation, retried
from .pictures.renditions import delete_renditions, public_ids_in
from .revisions import revision_content

ERASED = {"erased": True}
"""All that the log keeps of what an entry said."""


@dataclass(frozen=True)
class Erasure:
    entry: Entry
    changes: int
    """Rows of the log whose content is erased."""
    pictures: int
    kept_pictures: int
    """Pictures that something else shows, or once showed."""


@retried
def erase_entry(entry_id: int, actor: User, *, reason: str, at: datetime | None = None) -> Erasure:
    """Erase an entry's words, everywhere they are kept. ``reason`` stays in the log. It cannot be undone."""
    reason = clean_line(reason)
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_erase(actor)
        if not reason:
            raise Refused(_("Say why it is erased: the log keeps the reason, and nothing else."))
        pictures = _pictures_of(entry)
        changes = entry.changes.update(snapshot=ERASED, reason="", note="")
        _erase_rows(entry)
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
        erased = _erase_pictures(pictures)
    return Erasure(entry, changes, erased, len(pictures) - erased)


def _pictures_of(entry: Entry) -> list[Image]:
    """All that it shows or ever showed: by its rows, by the log, and by a change of it that waits for approval."""
    said = [entry.content, *entry.changes.values_list("snapshot__content", flat=True)]
    named = {public_id for content in said if content and "blocks" in content for public_id in public_ids_in(content)}
    revisions = (revision_content(revision).image_ids() for revision in Revision.objects.filter(entry=entry))
    waiting = {pk for ids in revisions for pk in ids}
    rows = Q(Exists(PhotoBlock.objects.filter(parent=entry, image=OuterRef("pk")))) | Q(
        Exists(EmbedBlock.objects.filter(parent=entry, poster=OuterRef("pk")))
    )
    return list(Image.objects.filter(rows | Q(public_id__in=named) | Q(pk__in=waiting)).order_by("pk"))


def _erase_rows(entry: Entry) -> None:
    for model in BLOCK_MODELS:
        model.objects.filter(parent=entry).delete()
    Byline.objects.filter(entry=entry).delete()
    Revision.objects.filter(entry=entry).delete()


def _erase_words(entry: Entry) -> None:
    """The key of composing stays: by it a device that sends the words once more is refused."""
    entry.headline = entry.title = entry.reader_note = entry.sent_back_note = ""
    entry.content = {"headline": "", "blocks": [], "bylines": [], "corrections": []}
    entry.is_key = entry.is_pinned = False
    entry.updated_at = entry.corrected_at = None


def _erase_pictures(pictures: Iterable[Image]) -> int:
    """Rows now, files after the commit; a file that cannot be deleted is an error that whoever erases gets to see."""
    erased = 0
    for image in pictures:
        if any(use.exists() for use in _other_uses(image)):
            continue
        gone = list(image.renditions.all())
        master = image.master
        image.renditions.all().delete()
        Image.objects.filter(pk=image.pk).delete()
        transaction.on_commit(partial(delete_renditions, gone))
        transaction.on_commit(partial(master.storage.delete, str(master.name)))
        erased += 1
    return erased


def _other_uses(image: Image) -> Iterator[QuerySet[Any]]:
    """In any state, and in any earlier version that may be brought back."""
    yield PhotoBlock.objects.filter(image=image)
    yield EmbedBlock.objects.filter(poster=image)
    yield Event.objects.filter(lead_picture=image)
    yield Person.objects.filter(photo=image)
    named = f'"{image.public_id}"'
    yield Entry.objects.annotate(text=Cast("content", TextField())).filter(text__contains=named)
    yield Change.objects.annotate(text=Cast("snapshot", TextField())).filter(text__contains=named)
    waiting = (revision.pk for revision in Revision.objects.all() if image.pk in revision_content(revision).image_ids())
    yield Revision.objects.filter(pk__in=list(waiting))
