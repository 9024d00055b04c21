"""The public renditions of pictures: made when something is published that shows them, deleted with its last user.

An operation that publishes pictures holds their rows until it commits, and so does whoever deletes renditions: what was
published never names a file that is gone. Making them is slow work and happens outside: an operation that finds
a picture without them raises ``Unprepared``, and ``retried`` makes them and begins again.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.cdn import picture_key, purge
from updates.choices import EntryStatus
from updates.content.images import RenditionData, renditions
from updates.content.picture_limits import RENDITION_WIDTHS
from updates.content.published import ImageJSON, PublishedContent
from updates.models import EmbedBlock, Entry, Event, Image, PhotoBlock, Rendition
from updates.models.guard import writing
from updates.publishing.errors import Unprepared

FRESH: Final = timedelta(hours=1)
"""What is younger may belong to a publication that is just happening: the sweep leaves it."""

FOLDER: Final = "pictures"
_OUR_FILE: Final = re.compile(r"[0-9a-f]{32}\.(?:webp|jpg)")


def prepare(image_ids: Iterable[int]) -> None:
    """Make the renditions that pictures lack, under new random names."""
    for image in Image.objects.filter(pk__in=set(image_ids)).prefetch_related("renditions"):
        if _missing_widths(image):
            _make_renditions(image)


def published_images(image_ids: Iterable[int]) -> dict[int, ImageJSON]:
    """What is published of pictures, held until the transaction ends. Raises ``Unprepared``.

    One whose time is over is as good as gone.
    """
    ids = set(image_ids)
    if not ids:
        return {}
    _hold(ids)
    held = Image.objects.filter(pk__in=ids).prefetch_related("renditions")
    images = [image for image in held if not image.has_expired()]
    if unprepared := {image.pk for image in images if _missing_widths(image)}:
        raise Unprepared(_("The pictures could not be made ready. Please send this again."), image_ids=unprepared)
    return {image.pk: image_json(image) for image in images}


def public_ids_in(content: PublishedContent) -> set[str]:
    """Return the public ids of the pictures in published content: photos, posters and portraits of bylines."""
    images = [byline["photo"] for byline in content["bylines"]]
    images += [block["image"] for block in content["blocks"] if block["kind"] == "photo"]
    images += [block["poster"] for block in content["blocks"] if block["kind"] == "embed"]
    return {image["id"] for image in images if image}


def withdraw_on_commit(public_ids: Iterable[str]) -> None:
    """Once the transaction is through, withdraw the pictures that nothing published shows any more."""
    if ids := set(public_ids):
        transaction.on_commit(partial(withdraw, ids), robust=True)


def withdraw(public_ids: Iterable[str]) -> None:
    """Delete the renditions of pictures that nothing published shows; the private master stays."""
    for image in Image.objects.filter(public_id__in=set(public_ids)):
        _withdraw(image)


def sweep_renditions() -> None:
    """Delete what a process that died left public. To be called now and then; it does no harm at any time."""
    before = timezone.now() - FRESH
    old = Rendition.objects.filter(image=OuterRef("pk"), created_at__lt=before)
    for image in Image.objects.filter(Exists(old)).exclude(_placed()):
        if not _is_shown(image):
            _withdraw(image)
    _sweep_files()


def _sweep_files() -> None:
    """Files that no row knows: their process died before the row was there, or after it was gone."""
    try:
        names = {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1] if _OUR_FILE.fullmatch(name)}
    except FileNotFoundError:  # no picture was ever published
        return
    known = {name for pair in Rendition.objects.values_list("webp", "jpeg") for name in pair}
    before = timezone.now() - FRESH
    for name in names - known:
        try:
            if default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                purge([picture_key(name)])
        except FileNotFoundError:  # somebody else deleted it meanwhile
            continue


def _make_renditions(image: Image) -> None:
    """Files first, then all rows at once; what another process made meanwhile is kept, and ours deleted."""
    with image.master.open("rb") as stored:
        sizes = renditions(stored.read())
    made: list[Rendition] = []
    kept: list[Rendition] = []
    try:
        made.extend(_with_files(image, data) for data in sizes if data.width in _missing_widths(image))
        with transaction.atomic(), writing():
            _hold([image.pk])
            missing = _missing_widths(Image.objects.get(pk=image.pk))
            wanted = [rendition for rendition in made if rendition.width in missing]
            Rendition.objects.bulk_create(wanted)
        kept = wanted
    finally:
        _delete_files(rendition for rendition in made if rendition not in kept)


def _with_files(image: Image, data: RenditionData) -> Rendition:
    rendition = Rendition(image=image, width=data.width, height=data.height)
    rendition.webp.save(f"{uuid4().hex}.webp", ContentFile(data.webp), save=False)
    rendition.jpeg.save(f"{uuid4().hex}.jpg", ContentFile(data.jpeg), save=False)
    return rendition


def _missing_widths(image: Image) -> set[int]:
    wanted = {min(width, image.width) for width in RENDITION_WIDTHS}
    return wanted - {rendition.width for rendition in image.renditions.all()}


def _withdraw(image: Image) -> None:
    with transaction.atomic(), writing():
        _hold([image.pk])
        if not _is_shown(image):
            gone = list(image.renditions.all())
            image.renditions.all().delete()
            transaction.on_commit(partial(delete_renditions, gone), robust=True)


def delete_renditions(gone: Iterable[Rendition]) -> None:
    """Files first: a shared cache that has forgotten one asks for it at once."""
    keys = [picture_key(str(file.name)) for rendition in gone for file in (rendition.webp, rendition.jpeg)]
    _delete_files(gone)
    purge(keys)


def _delete_files(gone: Iterable[Rendition]) -> None:
    for rendition in gone:
        rendition.webp.delete(save=False)
        rendition.jpeg.delete(save=False)


def _hold(image_ids: Iterable[int]) -> None:
    """Keep others from holding the same pictures until the commit; in one order, so that nobody waits in a circle."""
    for pk in sorted(image_ids):
        Image.objects.filter(pk=pk).update(width=F("width"))


def _is_shown(image: Image) -> bool:
    """The portrait of somebody who signs stands in no block; it is found in the published content itself."""
    if Image.objects.filter(_placed(), pk=image.pk).exists():
        return True
    content = Entry.objects.filter(status=EntryStatus.PUBLISHED).annotate(text=Cast("content", TextField()))
    return content.filter(text__contains=f'"{image.public_id}"').exists()


def _placed() -> Q:
    """Pictures that lead an event or stand in a block of a published entry."""
    published, this = Q(parent__status=EntryStatus.PUBLISHED), OuterRef("pk")
    return (
        Q(Exists(PhotoBlock.objects.filter(published, image=this)))
        | Q(Exists(EmbedBlock.objects.filter(published, poster=this)))
        | Q(Exists(Event.objects.filter(lead_picture=this)))
    )


def image_json(image: Image) -> ImageJSON:
    return {
        "id": image.public_id,
        "width": image.width,
        "height": image.height,
        "colour": image.colour,
        "renditions": [
            {"width": size.width, "height": size.height, "webp": str(size.webp.name), "jpeg": str(size.jpeg.name)}
            for size in image.renditions.all()
        ],
    }
