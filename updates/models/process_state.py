"""Rows by which server processes inform each other. They expire, and operations do not write them."""

from django.db import models


class ProcessState(models.Model):
    """Row of one process about an event, valid ``until`` a time."""

    event = models.ForeignKey("updates.Event", models.CASCADE, related_name="+", db_constraint=False)
    process = models.CharField(max_length=32)
    until = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.event_id}, {self.process}"


class ReaderCount(ProcessState):
    """Number of readers of an event in a process: see ``live/reader_counts.py``."""

    readers = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "process"], name="reader_count_once")]


class DeskPresence(ProcessState):
    """People at an event's desk in a process: see ``live/desk/presence.py``."""

    places = models.JSONField()
    writes_for_readers = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "process"], name="desk_presence_once")]


class Delivery(ProcessState):
    """Number of open pages to which a process sent a change, and of confirmations: see ``live/receipts.py``."""

    after = models.PositiveBigIntegerField()
    seq = models.PositiveBigIntegerField()
    """The frame had every change after this number up to ``seq``."""
    sent = models.PositiveIntegerField(default=0, db_default=0)
    requested = models.PositiveIntegerField(default=0, db_default=0)
    confirmed = models.PositiveIntegerField(default=0, db_default=0)
    delays = models.JSONField(default=list)
    """Milliseconds from sending until each confirmation came back."""
    handed_at = models.DateTimeField(null=True)
    """Time when the last page was sent it; empty if this process only received confirmations."""
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "process", "seq"], name="delivery_once")]
