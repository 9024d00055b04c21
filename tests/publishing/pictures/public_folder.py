"""What lies in the folder of public pictures, for tests of what comes there and goes."""

import os
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from updates.models import Rendition
from updates.models.guard import writing
from updates.publishing import PhotoContent

LONG_AGO = timezone.now() - timedelta(days=1)


def photo(image):
    return PhotoContent(image.pk, alt="A quay", credit="Noor Hadad")


def public_files():
    """What lies in the public folder."""
    return set(default_storage.listdir("pictures")[1]) if default_storage.exists("pictures") else set()


def files_of(image):
    return {file.name.partition("/")[2] for size in image.renditions.all() for file in (size.webp, size.jpeg)}


def make_old():
    with writing():
        Rendition.objects.update(created_at=LONG_AGO)
    for name in public_files():
        os.utime(default_storage.path(f"pictures/{name}"), (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
