from django.conf import settings
from django.db import models


class LinkLookup(models.Model):
    """A link whose title and picture somebody at a desk waits for. It is deleted after an hour: by then the form has
    them, or nobody wanted them."""

    url = models.CharField(max_length=1000)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    """When it may be fetched; a process that takes it moves this, so that no other does. ``None`` once it is done."""
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    title = models.CharField(max_length=200, blank=True)
    picture = models.CharField(max_length=10, blank=True)
    """The public id of an ``Image`` that the person has uploaded, as far as the permissions go."""

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="link_lookup_due"),
            models.Index(fields=["user", "created_at"], name="link_lookup_by_user"),
        ]

    def __str__(self) -> str:
        return self.url
