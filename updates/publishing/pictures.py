"""Pictures: the private master, and public renditions for as long as something published uses them.

All of it is slow work and happens outside the transaction of an operation.
"""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from ..choices import EntryStatus
from ..content.images import read_image, renditions
from ..models import EmbedBlock, Event, Image, Person, PhotoBlock, Rendition
from ..models.guard import writing

ImageSpec = dict[str, Any]
"""What a template needs of a picture; its shape stands in ``content.py``."""


def add_picture(file: Any, actor: Any) -> Image:
    """Keep an uploaded picture. Raises ``ValidationError`` with the reason where it cannot be used.

    The same file from the same person is the same picture, so that a form sent again says the same as before.
    """
    picture = read_image(file)
    if known := Image.objects.filter(uploaded_by=actor, sha256=picture.sha256).first():
        make_renditions(known)
        return known
    with writing():
        image = Image(
            width=picture.width, height=picture.height, colour=picture.colour, sha256=picture.sha256,
            caption=picture.caption, credit=picture.credit, uploaded_by=actor,
        )  # fmt: skip
        image.master.save(f"{uuid4().hex}.{picture.extension}", ContentFile(picture.master), save=False)
        image.save()
    make_renditions(image, picture.master)
    return image


def make_renditions(image: Image, master: bytes | None = None) -> None:
    """Write the public sizes under new random names, unless they are there."""
    if image.renditions.exists():
        return
    if master is None:
        with image.master.open("rb") as stored:
            master = stored.read()
    for data in renditions(master):
        with writing(), transaction.atomic():
            rendition = Rendition(image=image, width=data.width, height=data.height)
            rendition.webp.save(f"{uuid4().hex}.webp", ContentFile(data.webp), save=False)
            rendition.jpeg.save(f"{uuid4().hex}.jpg", ContentFile(data.jpeg), save=False)
            rendition.save()


def prepare(image_ids: Iterable[int]) -> None:
    """Make sure that the pictures of an entry about to be published have renditions."""
    for image in Image.objects.filter(pk__in=list(image_ids), renditions=None):
        make_renditions(image)


def withdraw(image_ids: Iterable[int]) -> None:
    """Delete the public renditions of pictures that nothing published uses any more; the private master stays."""
    for image in Image.objects.filter(pk__in=list(image_ids)):
        if not _is_used(image):
            for rendition in image.renditions.all():
                rendition.webp.delete(save=False)
                rendition.jpeg.delete(save=False)
                with writing():
                    rendition.delete()


def image_specs(image_ids: Iterable[int]) -> dict[int, ImageSpec]:
    ids = set(image_ids)
    if not ids:
        return {}
    return {image.pk: spec(image) for image in Image.objects.filter(pk__in=ids).prefetch_related("renditions")}


def spec(image: Image) -> ImageSpec:
    return {
        "id": image.public_id,
        "width": image.width,
        "height": image.height,
        "colour": image.colour,
        "renditions": [
            {"width": size.width, "height": size.height, "webp": size.webp.name, "jpeg": size.jpeg.name}
            for size in image.renditions.all()
        ],
    }


def _is_used(image: Image) -> bool:
    published = Q(parent__status=EntryStatus.PUBLISHED)
    return (
        PhotoBlock.objects.filter(published, image=image).exists()
        or EmbedBlock.objects.filter(published, poster=image).exists()
        or Event.objects.filter(lead_picture=image).exists()
        or Person.objects.filter(photo=image).exists()
    )
