from datetime import datetime

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from updates.choices import new_public_id

from .guard import Guarded, GuardedQuerySet


def private_storage() -> Storage:
    return storages["private"]


class ImageQuerySet(GuardedQuerySet["Image"]):
    def expired(self, at: datetime | None = None) -> "ImageQuerySet":
        return self.filter(expires_at__lte=at or timezone.now())


class Image(Guarded):
    """An uploaded picture without its metadata. ``master``, the original, is never public; renditions are, while in
    use.
    """

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    master = models.FileField(storage=private_storage, upload_to="masters/", editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    colour = models.CharField(max_length=7, editable=False)
    sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    caption = models.CharField(_("caption"), max_length=1000, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    alt = models.CharField(_("alt text"), max_length=500, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    size = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    """Bytes of the master."""
    unused_since = models.DateTimeField(null=True, editable=False, db_index=True)
    """Since when a sweep has known that nothing refers to it."""
    expires_at = models.DateTimeField(null=True, editable=False, db_index=True)
    """End of the right to show it. The server then removes it wherever it is shown."""

    objects = ImageQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.caption or self.public_id

    def has_expired(self, at: datetime | None = None) -> bool:
        return self.expires_at is not None and self.expires_at <= (at or timezone.now())


class Rendition(Guarded):
    """One public size of a picture, under a random name in both formats."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="renditions")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    webp = models.FileField(upload_to="pictures/")
    jpeg = models.FileField(upload_to="pictures/")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GuardedQuerySet["Rendition"].as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["width"]
        constraints = [models.UniqueConstraint(fields=["image", "width"], name="rendition_once_per_width")]

    def __str__(self) -> str:
        return f"{self.image_id}, {self.width} px"
