"""What server processes tell each other through the database: soon forgotten, written by no operation."""

from django.db import models


class Told(models.Model):
    """What one process says of an event; it holds ``until`` then."""

    event = models.ForeignKey("updates.Event", models.CASCADE, related_name="+", db_constraint=False)
    process = models.CharField(max_length=32)
    until = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.event_id}, {self.process}"


class ReaderCount(Told):
    """How many readers a process has: see ``live/counting.py``."""

    readers = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "process"], name="reader_count_once")]


class DeskCompany(Told):
    """Who sits at the desk in a process: see ``live/desk_company.py``."""

    places = models.JSONField()
    writes_for_readers = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "process"], name="desk_company_once")]
