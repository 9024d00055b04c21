"""The public renditions of pictures: made when an update that shows them is published, deleted with its last user.

An operation that publishes pictures holds their rows until it commits, and so does one that deletes renditions, so
published content never names a deleted file. Making renditions is slow and happens outside: an operation that finds a
picture without them raises ``Unprepared``, and ``retried`` makes them and begins again.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.cdn import picture_key
from updates.content.images import RenditionData
from updates.content.images import renditions as create_renditions
from updates.content.picture_limits import RENDITION_WIDTHS
from updates.content.published import ImageJSON
from updates.models import Image, Rendition
from updates.models.guard import writing
from updates.publishing.after_commit import after_commit
from updates.publishing.errors import Unprepared
from updates.publishing.purges import purge

from .stray_files import FRESH, delete_strays
from .uses import is_public

FOLDER: Final = "pictures"
_OUR_FILE: Final = re.compile(r"[0-9a-f]{32}\.(?:webp|jpg)")


def prepare(image_ids: Iterable[int]) -> None:
    """Make the renditions that pictures lack, under new random names."""
    for image in Image.objects.filter(pk__in=set(image_ids)).prefetch_related("renditions"):
        if _missing_widths(image):
            _make_renditions(image)


def published_images(image_ids: Iterable[int]) -> dict[int, ImageJSON]:
    """Return the JSON of pictures by primary key and hold them; without those whose time is over.

    Raises ``Unprepared`` where one has no renditions.
    """
    images = [image for image in hold(image_ids) if not image.has_expired()]
    if unprepared := {image.pk for image in images if _missing_widths(image)}:
        raise Unprepared(_("The pictures could not be prepared. Send this again."), image_ids=unprepared)
    return {image.pk: image_json(image) for image in images}


def hold(image_ids: Iterable[int]) -> list[Image]:
    """Read pictures and keep other operations from holding them until the commit.

    PostgreSQL locks the rows in order of their keys, so that two operations do not wait for each other. On SQLite the
    transaction is the only writer anyway.
    """
    ids = set(image_ids)
    if not ids:
        return []
    rows = Image.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    return list(rows.prefetch_related("renditions"))


def withdraw_on_commit(public_ids: Iterable[str]) -> None:
    """After the commit, withdraw those of the pictures that nothing published shows any more."""
    if ids := set(public_ids):
        after_commit(withdraw, ids)


def withdraw(public_ids: Iterable[str]) -> None:
    """Delete the renditions of pictures that nothing published shows; the private originals stay."""
    for pk in Image.objects.filter(public_id__in=set(public_ids)).values_list("pk", flat=True):
        _withdraw(pk)


def sweep_renditions() -> None:
    """Delete the renditions that a killed process left behind. It may be called at any time."""
    before = timezone.now() - FRESH
    old = Rendition.objects.filter(image=OuterRef("pk"), created_at__lt=before)
    for pk in Image.objects.filter(Exists(old)).exclude(is_public()).values_list("pk", flat=True):
        _withdraw(pk)
    _sweep_files()


def _sweep_files() -> None:
    for name in delete_strays(default_storage, FOLDER, _known_files, _OUR_FILE):
        purge([picture_key(name)])


def _known_files() -> set[str]:
    return {name for pair in Rendition.objects.values_list("webp", "jpeg") for name in pair}


def _make_renditions(image: Image) -> None:
    """Save the files, then all rows at once; where another process was faster, delete the files again."""
    with image.master.open("rb") as stored:
        sizes = create_renditions(stored.read())
    made: list[Rendition] = []
    saved: list[Rendition] = []
    try:
        made.extend(_with_files(image, data) for data in sizes if data.width in _missing_widths(image))
        with transaction.atomic(), writing():
            missing = {width for held in hold([image.pk]) for width in _missing_widths(held)}
            rows = [rendition for rendition in made if rendition.width in missing]
            Rendition.objects.bulk_create(rows)
        saved = rows
    finally:
        _delete_files(rendition for rendition in made if rendition not in saved)


def _with_files(image: Image, data: RenditionData) -> Rendition:
    rendition = Rendition(image=image, width=data.width, height=data.height)
    rendition.webp.save(f"{uuid4().hex}.webp", ContentFile(data.webp), save=False)
    rendition.jpeg.save(f"{uuid4().hex}.jpg", ContentFile(data.jpeg), save=False)
    return rendition


def _missing_widths(image: Image) -> set[int]:
    widths = {min(width, image.width) for width in RENDITION_WIDTHS}
    return widths - {rendition.width for rendition in image.renditions.all()}


def _withdraw(image_id: int) -> None:
    with transaction.atomic(), writing():
        for image in hold([image_id]):
            if not Image.objects.filter(is_public(), pk=image_id).exists():
                renditions = list(image.renditions.all())
                image.renditions.all().delete()
                after_commit(delete_files, renditions)


def delete_files(renditions: Collection[Rendition], masters: Iterable[FieldFile] = ()) -> None:
    """Delete files, then purge them from shared caches, which would fetch them again if it were the other way round.

    A file that cannot be deleted keeps none of the others; the first error is raised at the end.
    """
    public = [file for rendition in renditions for file in (rendition.webp, rendition.jpeg)]
    errors = [error for file in (*public, *masters) if (error := _error_in_deleting(file))]
    purge([picture_key(str(file.name)) for file in public])
    if errors:
        raise errors[0]


def _error_in_deleting(file: FieldFile) -> OSError | None:
    try:
        file.storage.delete(str(file.name))
    except OSError as error:
        return error
    return None


def _delete_files(renditions: Iterable[Rendition]) -> None:
    for rendition in renditions:
        rendition.webp.delete(save=False)
        rendition.jpeg.delete(save=False)


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
