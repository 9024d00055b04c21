from django.db import models


class Delivery(models.Model):
    """To how many open pages a server process handed a change, and how many of those it asked said that it is there.

    No operation writes it and nothing depends on it; rows go after some minutes. See ``live/delivery.py``.
    """

    event = models.ForeignKey("updates.Event", models.CASCADE, related_name="+", db_constraint=False)
    process = models.CharField(max_length=32)
    after = models.PositiveBigIntegerField()
    seq = models.PositiveBigIntegerField()
    """The frame carried every change beyond ``after`` up to ``seq``."""
    sent = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)
    handed_at = models.DateTimeField(null=True)
    """When the last page got it; empty where this process only took confirmations."""
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "process", "seq"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.event_id}, {self.seq}: {self.sent}"
