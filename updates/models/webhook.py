from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from updates.choices import PauseReason, new_message_id, new_webhook_secret

from .event import Event


class Webhook(models.Model):
    """A program that receives the changes of one event or, without one, those of all listed events."""

    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="webhooks")
    url = models.CharField(_("address"), max_length=500)
    secret = models.CharField(max_length=60, default=new_webhook_secret)
    types = models.JSONField(default=list)
    """Values of ``WebhookType``."""
    is_active = models.BooleanField(default=True, db_default=True)
    pause_reason = models.CharField(max_length=12, choices=PauseReason, blank=True)
    """Why the server has paused it; empty if a person has."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url


class WebhookCursor(models.Model):
    """How far a webhook has followed an event's log. Events without a cursor begin with their first change."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="cursors")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField(default=0, db_default=0)
    """The newest change that was delivered, or need not be."""
    next_at = models.DateTimeField()
    """When the next delivery may begin; a process that takes one moves it, so that no other takes the same."""
    failures = models.PositiveIntegerField(default=0, db_default=0)
    """Tries that failed in a row."""
    failing_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="webhook_cursor_once")]
        indexes = [models.Index(fields=["next_at"], name="webhook_cursor_due")]

    def __str__(self) -> str:
        return f"{self.webhook_id}, {self.event_id}: {self.seq}"


class WebhookDelivery(models.Model):
    """One message of a webhook, and what became of its last try. Without an event it is a test."""

    message_id = models.CharField(max_length=40, unique=True, default=new_message_id)
    """The same for every try, so that a receiver can drop what it has."""
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="+")
    seq = models.PositiveBigIntegerField(null=True)
    type = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0, db_default=0)
    tried_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(default=0, db_default=0)
    """Of the last answer; 0 for none."""
    answer = models.CharField(max_length=300, blank=True)
    """Its beginning, or why there was none."""
    is_wanted = models.BooleanField(default=False, db_default=False)
    """Whether somebody wants it to be sent now, whatever its place in the order."""

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["webhook", "event", "seq"], name="webhook_delivery_once")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(is_wanted=True), name="webhook_delivery_wanted"),
            models.Index(fields=["created_at"], name="webhook_delivery_by_age"),
        ]

    def __str__(self) -> str:
        return self.message_id
