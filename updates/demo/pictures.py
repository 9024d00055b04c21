"""Pictures of the stories, each added to the site once."""

import hashlib
from pathlib import Path

from django.contrib.auth.models import User
from django.core.files import File

from updates.models import Image
from updates.publishing.pictures import add_picture

FOLDER = Path(__file__).with_name("photos")


def picture_id(name: str, uploader: User) -> int:
    """Return the primary key of the picture of a file in ``photos/``; add the picture if it is missing."""
    path = FOLDER / name
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        known = Image.objects.filter(sha256=digest).values_list("pk", flat=True).first()
        return known or add_picture(File(file, name=name), uploader).pk
