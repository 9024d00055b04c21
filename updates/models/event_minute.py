from django.db import models


class EventMinute(models.Model):
    """What is known of one minute of a live blog: how many read, and how soon open pages showed what was new.

    There is one row for an event and minute at most, and none while nobody reads. It holds nothing of single readers.
    """

    event = models.ForeignKey("updates.Event", models.CASCADE, related_name="+", db_constraint=False)
    minute = models.DateTimeField()
    readers = models.PositiveIntegerField(default=0, db_default=0)
    """The highest number of open pages, of all server processes together."""
    confirmed = models.PositiveIntegerField(default=0, db_default=0)
    """How many pages of a sample have confirmed that they show a change of this minute."""
    delays = models.JSONField(default=list)
    """How many of these took how long, by the bounds in ``queries/audience.py``; empty without any."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "minute"], name="event_minute_once")]

    def __str__(self) -> str:
        return f"{self.event_id}, {self.minute:%H:%M}"
