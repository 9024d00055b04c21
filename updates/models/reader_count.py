from django.db import models


class ReaderCount(models.Model):
    """How many readers a server process has of an event, for as long as that is not too old: see ``live/counting.py``.

    No operation writes it, and nothing depends on it.
    """

    event = models.ForeignKey("updates.Event", models.CASCADE, related_name="+", db_constraint=False)
    process = models.CharField(max_length=32)
    readers = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "process"], name="reader_count_once")]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.readers}"
