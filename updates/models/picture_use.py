from django.db import models

from .entry import Entry
from .guard import Guarded, GuardedQuerySet
from .image import Image


class PictureUse(Guarded):
    """An index of the published content: an entry shows a picture, or once showed it.

    Operations keep it with each change, so that nobody has to search the content of all entries for a picture.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="picture_uses")
    image = models.ForeignKey(Image, models.PROTECT, related_name="uses")
    is_shown = models.BooleanField(db_default=True)
    """Whether readers get it now; else only an earlier version, or a removed entry, shows it."""

    objects = GuardedQuerySet["PictureUse"].as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["entry", "image"], name="picture_use_once")]
        indexes = [models.Index(fields=["image"], condition=models.Q(is_shown=True), name="picture_shown")]

    def __str__(self) -> str:
        return f"{self.entry_id}, {self.image_id}"
