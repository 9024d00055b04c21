from django.db import models

from .entry import Entry
from .guard import Guarded, GuardedQuerySet
from .image import Image


class PictureUse(Guarded):
    """Index entry: an entry shows a picture, or showed it once. Operations update it with each change, so that the
    content of all entries need not be searched for a picture.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="picture_uses")
    image = models.ForeignKey(Image, models.PROTECT, related_name="uses")
    is_shown = models.BooleanField(db_default=True)
    """Whether readers see it now. Otherwise an earlier version or a removed entry shows it."""

    objects = GuardedQuerySet["PictureUse"].as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["entry", "image"], name="picture_use_once")]
        indexes = [models.Index(fields=["image"], condition=models.Q(is_shown=True), name="picture_shown")]

    def __str__(self) -> str:
        return f"{self.entry_id}, {self.image_id}"
