from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from updates.choices import Role
from updates.types import User

from .assignment import Assignment
from .blocks import EmbedBlock, PhotoBlock
from .byline import Person
from .entry import Entry
from .event import Event
from .image import Image
from .picture_use import PictureUse
from .revision import Revision


def is_visible_to(user: User, image: Image) -> bool:
    """Return whether a user may see an original at the desk: their own, and what they may see it in.

    Its random id is not enough: ids stand in addresses, which people copy and logs record.
    """
    if user.is_superuser or image.uploaded_by_id == user.pk:
        return True
    return any(places.exists() for places in _places(user, image)) or _is_in_revision(user, image)


def _places(user: User, image: Image) -> Iterator[QuerySet[Any]]:  # Any: rows of several models
    entries = Entry.objects.visible_to(user)
    yield PictureUse.objects.filter(image=image, entry__in=entries)
    yield PhotoBlock.objects.filter(image=image, parent__in=entries)
    yield EmbedBlock.objects.filter(poster=image, parent__in=entries)
    yield Event.objects.of(user).filter(lead_picture=image)
    if Person.objects.filter(photo=image).exists():  # all live blogs share the bylines
        yield Assignment.objects.filter(user=user)


def _is_in_revision(user: User, image: Image) -> bool:
    moderated = Assignment.objects.filter(user=user, role__in=[Role.MODERATOR, Role.EDITOR]).values("event")
    revisions = Revision.objects.filter(Q(author=user) | Q(entry__event__in=moderated))
    blocks = (block for content in revisions.values_list("content", flat=True) for block in content["blocks"])
    return any(image.pk in (block.get("image_id"), block.get("poster_id")) for block in blocks)
