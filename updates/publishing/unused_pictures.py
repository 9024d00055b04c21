"""Originals that nothing refers to: how many somebody may have, and when they are deleted.

A sweep notes since when nothing refers to a picture, and deletes it after ``UNUSED_PICTURE_DAYS``. So a photo that was
taken out of a draft by mistake can still be put back.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.models import EmbedBlock, Event, Image, Person, PhotoBlock, PictureUse, Revision
from updates.models.guard import writing
from updates.types import User

from .after_commit import after_commit
from .pictures.renditions import delete_files
from .pictures.uploads import QUOTA
from .revisions import revision_content

MAX_BYTES_PER_PERSON = 2 * 2**30
MAX_OF_ALL = 6_000
MAX_BYTES_OF_ALL = 20 * 2**30
"""Of the originals of all people that nothing refers to."""

UNSWEPT = timedelta(hours=1)
"""Originals that are younger may not have been looked at by a sweep yet."""


def references_to(image: Image) -> Iterator[QuerySet[Model]]:
    """Return what refers to a picture, in entries of any status and in earlier versions that can be restored."""
    yield PictureUse.objects.filter(image=image)
    yield PhotoBlock.objects.filter(image=image)
    yield EmbedBlock.objects.filter(poster=image)
    yield Event.objects.filter(lead_picture=image)
    yield Person.objects.filter(photo=image)
    revisions = (pk for pk in Revision.objects.all() if image.pk in revision_content(pk).image_ids())
    yield Revision.objects.filter(pk__in=[revision.pk for revision in revisions])


def unused_pictures() -> QuerySet[Image]:
    """Return the pictures that nothing refers to."""
    this = OuterRef("pk")
    used = (
        Q(Exists(PictureUse.objects.filter(image=this)))
        | Q(Exists(PhotoBlock.objects.filter(image=this)))
        | Q(Exists(EmbedBlock.objects.filter(poster=this)))
        | Q(Exists(Event.objects.filter(lead_picture=this)))
        | Q(Exists(Person.objects.filter(photo=this)))
    )
    submitted = {pk for revision in Revision.objects.all() for pk in revision_content(revision).image_ids()}
    return Image.objects.exclude(used).exclude(pk__in=submitted)


def check_room_for_picture(user: User) -> None:
    """Raise ``ValidationError`` where the user, or all together, have too many pictures that nothing refers to."""
    may_be_unused = Q(unused_since__isnull=False) | Q(created_at__gte=timezone.now() - UNSWEPT)
    unused = unused_pictures().filter(may_be_unused)
    count, size = _extent(unused.filter(uploaded_by=user))
    most = settings.UNUSED_PICTURES_PER_PERSON
    if most and (count >= most or size >= MAX_BYTES_PER_PERSON):
        message = _(
            "You have uploaded too many photos that no update uses. Use some of them, or wait: each is deleted after "
            "%(days)s days."
        )
        raise ValidationError(message, QUOTA, {"days": settings.UNUSED_PICTURE_DAYS})
    count, size = _extent(unused)
    if most and (count >= MAX_OF_ALL or size >= MAX_BYTES_OF_ALL):
        raise ValidationError(_("There is no room for more photos at the moment. Try again later."), QUOTA)


def _extent(pictures: QuerySet[Image]) -> tuple[int, int]:
    result = pictures.aggregate(count=Count("pk"), size=Sum("size"))
    return result["count"], result["size"] or 0


def sweep_originals(at: datetime | None = None) -> None:
    """Note which pictures nothing refers to, and delete those of which that was noted long ago."""
    at = at or timezone.now()
    with transaction.atomic(), writing():
        unused = set(unused_pictures().values_list("pk", flat=True))
        noted = set(Image.objects.filter(unused_since__isnull=False).values_list("pk", flat=True))
        for pks, moment in ((unused - noted, at), (noted - unused, None)):
            for some in _portions(sorted(pks)):
                Image.objects.filter(pk__in=some).update(unused_since=moment)
    before = at - timedelta(days=settings.UNUSED_PICTURE_DAYS)
    for pk in Image.objects.filter(unused_since__lte=before).values_list("pk", flat=True):
        _delete_if_unused(pk, before)


def _portions(pks: list[int], size: int = 500) -> Iterator[list[int]]:
    return (pks[start : start + size] for start in range(0, len(pks), size))


def _delete_if_unused(pk: int, before: datetime) -> None:
    """Look again under the lock: somebody may have put it into an update, or uploaded it again, since."""
    try:
        with transaction.atomic(), writing():
            image = Image.objects.select_for_update().filter(pk=pk, unused_since__lte=before).first()
            if image is None or any(reference.exists() for reference in references_to(image)):
                return
            renditions, master = list(image.renditions.all()), image.master
            image.renditions.all().delete()
            Image.objects.filter(pk=pk).delete()
            after_commit(delete_files, renditions, [master])
    except IntegrityError:  # it has come into use at this very moment
        return
