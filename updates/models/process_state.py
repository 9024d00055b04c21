"""What the server processes tell each other through the database: rows that expire, written by no operation."""

from django.db import models


class ProcessState(models.Model):
    """What one process says of an event; valid ``until`` then."""

    event = models.ForeignKey("updates.Event", models.CASCADE, related_name="+", db_constraint=False)
    process = models.CharField(max_length=32)
    until = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.event_id}, {self.process}"


class ReaderCount(ProcessState):
    """How many readers of an event a process has: see ``live/reader_counts.py``."""

    readers = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "process"], name="reader_count_once")]


class DeskCompany(ProcessState):
    """Who is at an event's desk in a process: see ``live/desk/presence.py``."""

    places = models.JSONField()
    writes_for_readers = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "process"], name="desk_company_once")]


class Delivery(ProcessState):
    """How many open pages a process sent a change, and how many of a sample confirmed it: see ``live/receipts.py``."""

    after = models.PositiveBigIntegerField()
    seq = models.PositiveBigIntegerField()
    """The frame carried every change beyond ``after`` up to ``seq``."""
    sent = models.PositiveIntegerField(default=0, db_default=0)
    asked = models.PositiveIntegerField(default=0, db_default=0)
    confirmed = models.PositiveIntegerField(default=0, db_default=0)
    handed_at = models.DateTimeField(null=True)
    """When the last page was sent it; empty where this process only received confirmations."""
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "process", "seq"], name="delivery_once")]
