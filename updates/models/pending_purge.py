from django.db import models


class PendingPurge(models.Model):
    """Key that shared caches have yet to forget: see ``publishing/purges.py``."""

    key = models.CharField(max_length=200, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
