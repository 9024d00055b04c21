from django.db import models

from .entry import Entry
from .event import Event
from .guard import Guarded, GuardedQuerySet
from .image import private_storage


class ShareCard(Guarded):
    """The drawn picture of an entry or, without one, of an event, which other sites show for a link to it.

    The file is private and has a random name; a view sends it while the entry is published.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    """Of all that it was drawn from."""
    file = models.FileField(storage=private_storage, upload_to="cards/")
    created_at = models.DateTimeField(auto_now=True)

    objects = GuardedQuerySet["ShareCard"].as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(entry__isnull=True), name="share_card_once_per_event"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id}, {self.entry_id}"
