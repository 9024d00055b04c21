"""The private originals of pictures: uploaded, or imported from another installation. None of them is public."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BytesIO
from typing import IO
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from updates.content.images import Picture, read_image
from updates.models import Image
from updates.models.guard import writing
from updates.types import User


def add_picture(file: IO[bytes], actor: User) -> Image:
    """Store an uploaded picture. Raises ``ValidationError`` with the reason where it cannot be used.

    The same file from the same person is the same picture, so that a form that is sent twice has one result.
    """
    picture = read_image(file)
    with transaction.atomic(), writing():
        # One upload of a person at a time: a retry that runs beside the first attempt finds what that one stored.
        get_user_model().objects.filter(pk=actor.pk).update(is_active=F("is_active"))
        known = Image.objects.filter(uploaded_by=actor, sha256=picture.sha256).first()
        if known and _hold(known):
            return known
        return _stored(picture, picture.master, picture.extension, actor)


def _hold(image: Image) -> bool:
    """Let its time without a use begin anew; ``False`` if a sweep has just deleted it."""
    image.unused_since = timezone.now()  # also if it is in use: the next sweep corrects that
    return Image.objects.filter(pk=image.pk).update(unused_since=image.unused_since) > 0


def import_picture(data: bytes, actor: User, *, until: datetime | None = None) -> Image:
    """Store a picture of another installation, byte for byte where it has no metadata, so that it loses no quality.

    Others are treated like an upload. Raises ``ValidationError`` where it cannot be used.
    """
    picture = read_image(BytesIO(data))
    return _stored(picture, data if picture.bare else picture.master, picture.bare or picture.extension, actor, until)


def _stored(picture: Picture, master: bytes, extension: str, actor: User, until: datetime | None = None) -> Image:
    image = Image(
        width=picture.width,
        height=picture.height,
        colour=picture.colour,
        sha256=picture.sha256,
        size=len(master),
        caption=picture.caption,
        credit=picture.credit,
        alt=picture.alt,
        uploaded_by=actor,
        expires_at=until,
    )
    with writing(), _file_only_with_its_row(image, f"{uuid4().hex}.{extension}") as name:
        image.master.save(name, ContentFile(master), save=False)
        image.save()
    return image


@contextmanager
def _file_only_with_its_row(image: Image, name: str) -> Iterator[str]:
    """Delete what was written of an original that could not be stored: no row names it, so nothing else would."""
    try:
        yield name
    except Exception:
        with suppress(OSError):
            image.master.storage.delete(image.master.field.generate_filename(image, name))
        raise
