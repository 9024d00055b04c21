"""Alerts: notifications of single updates to the devices of readers who asked for them."""

from django.db import models

from .entry import Entry
from .event import Event


class PushSubscription(models.Model):
    """A reader's device that wants alerts of one event. It names no person, only an address of a push service."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000)
    endpoint_digest = models.CharField(max_length=64)
    """SHA-256 of the endpoint, which is too long for an index."""
    public_key = models.CharField(max_length=100)
    auth = models.CharField(max_length=30)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "endpoint_digest"], name="push_subscription_once_per_event")
        ]

    def __str__(self) -> str:
        return f"{self.event_id}, {self.pk}"


class Alert(models.Model):
    """The order to notify all subscribers of an event of one entry, once each."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    cursor = models.BigIntegerField(default=0, db_default=0)
    """Key of the last subscription that a process has taken. It moves before anything is sent."""
    is_open = models.BooleanField(default=True, db_default=True)
    """Whether subscriptions are left to be taken. The removal of the entry closes it."""
    sent = models.PositiveIntegerField(default=0, db_default=0)
    failed = models.PositiveIntegerField(default=0, db_default=0)
    gone = models.PositiveIntegerField(default=0, db_default=0)
    """Subscriptions that their push service did not know any more."""

    class Meta:
        indexes = [models.Index(fields=["expires_at"], condition=models.Q(is_open=True), name="alert_open")]

    def __str__(self) -> str:
        return f"{self.entry_id}"
