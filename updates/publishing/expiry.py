"""Pictures that may be shown until a date only, as agencies sell some: the server takes them out by itself.

The date belongs to the picture and holds wherever that is shown: in any block, as the poster of an embed, as a
portrait, as the lead picture of an event. Other blocks stay; of the photo nothing does, neither frame nor caption, also
in corrections. What an edit took out before that date stays in the corrections that say so.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.choices import ChangeKind
from updates.content.published import BlockJSON, ImageJSON, PublishedContent
from updates.models import EmbedBlock, Event, Image, PhotoBlock, Rendition
from updates.permissions import check_may_set_expiry, check_may_upload
from updates.types import User

from .content_mapping import read_content, title_of
from .errors import Overtaken
from .moderation import apply_removal
from .operation import Operation, entry_operation, joint_operation, operation, retried
from .pictures.renditions import hold, withdraw_on_commit
from .pictures.uses import entries_showing, events_showing, public_ids_in
from .versions import captions_of, without_captions


@retried
def show_until(event_id: int, image_id: int, moment: datetime, actor: User, *, at: datetime | None = None) -> None:
    """Set until when a picture may be shown; a later call replaces the date, a date in the past is refused.

    Each live blog that shows the picture has it in its log.
    """
    events = _events_showing(_picture(image_id))
    with joint_operation({event_id, *events}, actor, at) as running:
        here = running[event_id]
        hold([image_id])  # from here on no other live blog can come to show it
        image = check_show_until(here.event, image_id, moment, actor, at=here.at)
        if image.expires_at == moment:
            return
        if _events_showing(image) - running.keys():
            raise Overtaken(_("Somebody has just used this photo elsewhere. Please send this again."))
        image.expires_at = moment
        image.save(update_fields=["expires_at"])
        for one in running.values():
            one.log_desk(ChangeKind.LIMIT, image=image.public_id, until=moment.isoformat())


def _picture(image_id: int) -> Image:
    """Return a picture, or refuse: one that nothing showed may have been deleted since."""
    try:
        return Image.objects.get(pk=image_id)
    except Image.DoesNotExist:
        raise ValidationError(_("This picture no longer exists. Choose another.")) from None


def _events_showing(image: Image) -> set[int]:
    return set(events_showing(image).values_list("pk", flat=True))


@retried
def undo_show_until(event_id: int, image_id: int, expired_at: datetime, moment: datetime, actor: User) -> None:
    """Take ``show_until`` back for a photo that had expired, because the content that shows it was refused.

    Nothing happens where somebody has published the photo or set another date since.
    """
    with operation(event_id, actor) as running:
        image = next(iter(hold([image_id])), None)
        if image is not None and image.expires_at == moment and not entries_showing(image).exists():
            image.expires_at = expired_at
            image.save(update_fields=["expires_at"])
            running.log_desk(ChangeKind.LIMIT, image=image.public_id, until=expired_at.isoformat())


def check_show_until(
    event: Event, image_id: int, moment: datetime, actor: User, *, at: datetime | None = None
) -> Image:
    """Raise what ``show_until`` would raise, for callers that do something else first."""
    check_may_upload(actor, event)
    image = _picture(image_id)
    if image.expires_at != moment:
        check_may_set_expiry(actor, event, image)
        if moment <= (at or timezone.now()):
            raise ValidationError(_("This time has passed. If the photo may no longer be shown, remove it."))
    return image


def expire_pictures(at: datetime | None = None) -> int:
    """Take every expired picture out of what is published; return how many there were.

    Any process may call it at any time. After a downtime it catches up.
    """
    has_renditions = Exists(Rendition.objects.filter(image=OuterRef("pk")))
    images = list(Image.objects.expired(at).filter(has_renditions))
    for image in images:
        for pk in list(entries_showing(image).values_list("pk", flat=True)):
            _take_out(pk, image.pk, at=at)
        for pk in list(Event.objects.filter(lead_picture=image).values_list("pk", flat=True)):
            _take_off(pk, image.pk, at=at)
    return len(images)


@retried
def _take_out(entry_id: int, image_id: int, *, at: datetime | None) -> None:
    with entry_operation(entry_id, None, at) as (running, entry):
        image = _held_expired(image_id, running)
        if image is None or not entry.is_published or image.public_id not in public_ids_in(entry.content):
            return
        PhotoBlock.objects.filter(parent=entry, image=image).delete()
        EmbedBlock.objects.filter(parent=entry, poster=image).update(poster=None)
        captions = captions_of(entry, {image.public_id})
        entry.content = _without(entry.content, image.public_id)
        entry.content["corrections"] = without_captions(entry.content["corrections"], captions)
        left = read_content(entry)
        if left.headline or left.blocks:
            entry.title = title_of(left)
            running.entry_changed(entry, ChangeKind.EXPIRE, bylines=list(left.bylines), image=image.public_id)
        else:
            apply_removal(running, entry, reason=_("Its photo has expired, and the update had no other content."))
        withdraw_on_commit({image.public_id})


@retried
def _take_off(event_id: int, image_id: int, *, at: datetime | None) -> None:
    with operation(event_id, None, at) as running:
        image = _held_expired(image_id, running)
        if image is not None and running.event.lead_picture_id == image_id:
            running.event.lead_picture, running.event.lead = None, {}
            running.event_changed(ChangeKind.EXPIRE, image=image.public_id)
            withdraw_on_commit({image.public_id})


def _held_expired(image_id: int, running: Operation) -> Image | None:
    """Read the picture again under the lock: somebody may just have set a later date."""
    return next((image for image in hold([image_id]) if image.has_expired(running.at)), None)


def _without(content: PublishedContent, public_id: str) -> PublishedContent:
    """Return published content without a picture."""
    blocks: list[BlockJSON] = []
    for block in content["blocks"]:
        if block["kind"] == "photo" and block["image"]["id"] == public_id:
            continue
        if block["kind"] == "embed" and _is_picture(block["poster"], public_id):
            blocks.append({**block, "poster": None})
        else:
            blocks.append(block)
    return {
        "headline": content["headline"],
        "blocks": blocks,
        "bylines": [{**by, "photo": None} if _is_picture(by["photo"], public_id) else by for by in content["bylines"]],
        "corrections": content["corrections"],
    }


def _is_picture(image: ImageJSON | None, public_id: str) -> bool:
    return image is not None and image["id"] == public_id
