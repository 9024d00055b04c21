"""Pictures whose time is over: agencies sell some until a date only. The server takes them off by itself.

The date belongs to the picture, so it holds wherever that is shown: in any block, as the poster of an embed, as a
portrait, as the lead picture of an event. What was written stays; of the photo nothing does, neither frame nor caption.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EntryStatus
from updates.models import EmbedBlock, Entry, Event, Image, PhotoBlock, Rendition
from updates.permissions import check_may_set_expiry, check_may_upload
from updates.types import User

from .content_mapping import read_content, title_of
from .moderation import apply_removal
from .operation import entry_operation, operation, retried
from .pictures.renditions import public_ids_in, withdraw_on_commit


def show_until(event_id: int, image_id: int, moment: datetime, actor: User, *, at: datetime | None = None) -> None:
    """Say until when a picture may be shown. A later word holds instead of an earlier one; the past is refused.

    Each live blog that shows it has it in its log.
    """
    for pk in _set_limit(event_id, image_id, moment, actor, at):
        _note_limit(pk, image_id, moment, actor, at)


@retried
def undo_show_until(event_id: int, image_id: int, over: datetime, moment: datetime, actor: User) -> None:
    """Take ``show_until`` back where the photo's time was over and the words it was asked for were refused; nothing
    where somebody has shown the photo, or dated it, meanwhile."""
    with operation(event_id, actor) as running:
        image = Image.objects.get(pk=image_id)
        if image.expires_at == moment and not _showing(image).exists():
            image.expires_at = over
            image.save(update_fields=["expires_at"])
            running.log_desk(ChangeKind.LIMIT, image=image.public_id, until=over.isoformat())


def check_show_until(
    event: Event, image_id: int, moment: datetime, actor: User, *, at: datetime | None = None
) -> Image:
    """Whether ``show_until`` would do it: for those who have to know before they do something else."""
    check_may_upload(actor, event)
    image = Image.objects.get(pk=image_id)
    if image.expires_at != moment:
        check_may_set_expiry(actor, event, image)
        if moment <= (at or timezone.now()):
            raise ValidationError(_("This moment has passed. Take out a photo that may not be shown any more."))
    return image


@retried
def _set_limit(event_id: int, image_id: int, moment: datetime, actor: User, at: datetime | None) -> list[int]:
    """Which other live blogs show it."""
    with operation(event_id, actor, at) as running:
        image = check_show_until(running.event, image_id, moment, actor, at=running.at)
        if image.expires_at == moment:
            return []
        image.expires_at = moment
        image.save(update_fields=["expires_at"])
        running.log_desk(ChangeKind.LIMIT, image=image.public_id, until=moment.isoformat())
    here = Q(entries__in=_showing(image).values("pk")) | Q(lead_picture=image)
    return list(Event.objects.filter(here).exclude(pk=event_id).distinct().values_list("pk", flat=True))


@retried
def _note_limit(event_id: int, image_id: int, moment: datetime, actor: User, at: datetime | None) -> None:
    with operation(event_id, actor, at) as running:
        image = Image.objects.get(pk=image_id)
        running.log_desk(ChangeKind.LIMIT, image=image.public_id, until=moment.isoformat())


def expire_pictures(at: datetime | None = None) -> int:
    """Take every picture whose time is over out of what is published; how many there were.

    It may be called at any time by any process: who comes second finds nothing. After a downtime all is made up for.
    """
    over = Image.objects.filter(expires_at__lte=at or timezone.now())
    images = list(over.filter(Exists(Rendition.objects.filter(image=OuterRef("pk")))))
    for image in images:
        _expire(image, at)
    return len(images)


def _expire(image: Image, at: datetime | None) -> None:
    for pk in _showing(image).values_list("pk", flat=True):
        _take_out(pk, image, at=at)
    for pk in Event.objects.filter(lead_picture=image).values_list("pk", flat=True):
        _take_off(pk, image, at=at)


def _showing(image: Image) -> QuerySet[Entry]:
    published = Entry.objects.filter(status=EntryStatus.PUBLISHED).annotate(text=Cast("content", TextField()))
    return published.filter(text__contains=f'"{image.public_id}"')


@retried
def _take_out(entry_id: int, image: Image, *, at: datetime | None) -> None:
    with entry_operation(entry_id, None, at) as (running, entry):
        if not entry.is_published or image.public_id not in public_ids_in(entry.content):
            return
        PhotoBlock.objects.filter(parent=entry, image=image).delete()
        EmbedBlock.objects.filter(parent=entry, poster=image).update(poster=None)
        captions = _captions_of(entry.content, image.public_id)
        entry.content = _without(entry.content, image.public_id, captions)
        left = read_content(entry)
        if left.headline or left.blocks:
            entry.title = title_of(left)
            running.entry_changed(entry, ChangeKind.EXPIRE, bylines=list(left.bylines), image=image.public_id)
        else:
            apply_removal(
                running, entry, reason=_("Its photo may not be shown any more, and there was nothing else in it.")
            )
        withdraw_on_commit({image.public_id})


@retried
def _take_off(event_id: int, image: Image, *, at: datetime | None) -> None:
    with operation(event_id, None, at) as running:
        if running.event.lead_picture_id == image.pk:
            running.event.lead_picture, running.event.lead = None, {}
            running.event_changed(ChangeKind.EXPIRE, image=image.public_id)
            withdraw_on_commit({image.public_id})


def _captions_of(content: dict[str, Any], public_id: str) -> set[str]:
    photos = [block for block in content["blocks"] if _is(block.get("image"), public_id)]
    return {photo[name] for photo in photos for name in ("alt", "caption", "credit") if photo[name]}


def _without(content: dict[str, Any], public_id: str, captions: Iterable[str]) -> dict[str, Any]:
    """Published content without a picture, and without what corrections show of its caption."""
    blocks = [block for block in content["blocks"] if not _is(block.get("image"), public_id)]
    return content | {
        "blocks": [block | {"poster": None} if _is(block.get("poster"), public_id) else block for block in blocks],
        "bylines": [by | {"photo": None} if _is(by["photo"], public_id) else by for by in content["bylines"]],
        "corrections": [_untold(told, set(captions)) for told in content["corrections"]],
    }


def _is(image: dict[str, Any] | None, public_id: str) -> bool:
    return image is not None and image["id"] == public_id


def _untold(told: dict[str, Any], captions: set[str]) -> dict[str, Any]:
    """Before and after of a correction, without lines that are, or became, a caption of the photo."""
    if "change" not in told:
        return told
    lines = [line for line in told["change"] if "".join(text for mark, text in line if mark != "-") not in captions]
    return told | {"change": lines}
