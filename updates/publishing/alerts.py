"""Orders alerts, lets processes take the subscriptions to notify, and stores what became of them.

A subscription is taken by moving the alert's cursor past it, under a lock and before it is notified, so nobody is
notified twice, whatever process is killed when. What a killed process had taken is not notified at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.choices import EventStatus
from updates.models import Alert, Entry, Event, PushSubscription
from updates.permissions import check_may_moderate

from .errors import Refused
from .operation import Operation

LIFETIME: Final = timedelta(hours=1)
"""How long an alert is worth sending."""

SUBSCRIPTIONS_AT_MOST: Final = 200_000
"""Of one event, so that nobody fills the database."""

SUBSCRIPTION_LIFE_AFTER_END: Final = timedelta(days=7)
"""How long subscriptions of an ended or cancelled event are kept, in case it is reopened."""


def order_alert(running: Operation, entry: Entry) -> None:
    """Order an alert in the operation that publishes the entry."""
    check_may_moderate(running.user, running.event)
    Alert.objects.create(entry=entry, created_at=running.at, expires_at=timezone.now() + LIFETIME)


def withdraw_alert(entry: Entry) -> None:
    """End the alert of an entry that is removed, so that it is not sent after a restoration."""
    Alert.objects.filter(entry=entry, is_open=True).update(is_open=False)


@dataclass(frozen=True)
class Device:
    """Where to reach a subscriber, and how to encrypt for them."""

    endpoint: str
    public_key: str
    auth: str

    @property
    def digest(self) -> str:
        return sha256(self.endpoint.encode()).hexdigest()


def subscribe(event: Event, device: Device) -> None:
    """Store a device, or its new keys. Refuses for events that send no more alerts."""
    if event.status in {EventStatus.ENDED, EventStatus.CANCELLED}:
        raise Refused(_("This live blog has ended. It sends no more alerts."))
    if subscriber_count(event) >= SUBSCRIPTIONS_AT_MOST:
        raise Refused(_("Too many people have asked for alerts of this live blog."))
    PushSubscription.objects.update_or_create(
        event=event,
        endpoint_digest=device.digest,
        defaults={"endpoint": device.endpoint, "public_key": device.public_key, "auth": device.auth},
    )


def subscriber_count(event: Event) -> int:
    return PushSubscription.objects.filter(event=event).count()


def unsubscribe(event: Event, endpoint: str) -> None:
    digest = sha256(endpoint.encode()).hexdigest()
    PushSubscription.objects.filter(event=event, endpoint_digest=digest).delete()


def open_alerts(at: datetime | None = None) -> list[int]:
    """Return the keys of alerts that still have subscriptions to be taken."""
    return list(Alert.objects.filter(is_open=True, expires_at__gt=at or timezone.now()).values_list("pk", flat=True))


def take(alert_id: int, number: int) -> tuple[Entry, list[PushSubscription]] | None:
    """Take the next subscriptions; ``None`` if there are none, or the entry is not published any more."""
    with transaction.atomic():
        if not Alert.objects.filter(pk=alert_id, is_open=True).update(cursor=F("cursor")):  # locks, on SQLite too
            return None
        alert = Alert.objects.select_related("entry__event").get(pk=alert_id)
        rows = PushSubscription.objects.filter(event=alert.entry.event, pk__gt=alert.cursor).order_by("pk")
        taken = list(rows[:number]) if alert.entry.is_published else []
        alert.is_open = bool(taken)
        alert.cursor = taken[-1].pk if taken else alert.cursor
        alert.save(update_fields=["is_open", "cursor"])
    return (alert.entry, taken) if taken else None


def is_wanted(entry_id: int) -> bool:
    """Return whether an entry is still published, before a subscriber is tried again."""
    return Entry.objects.published().filter(pk=entry_id).exists()


def store_results(alert_id: int, *, sent: int, failed: int, gone: Iterable[int]) -> None:
    """Add to the alert's counts, and delete subscriptions that their push service does not know any more."""
    lost = set(gone)
    Alert.objects.filter(pk=alert_id).update(
        sent=F("sent") + sent, failed=F("failed") + failed, gone=F("gone") + len(lost)
    )
    if lost:
        PushSubscription.objects.filter(pk__in=lost).delete()


def sweep_subscriptions(at: datetime | None = None) -> None:
    """Delete subscriptions of events that ended, or were cancelled, a week ago."""
    before = (at or timezone.now()) - SUBSCRIPTION_LIFE_AFTER_END
    ended = Q(event__status=EventStatus.ENDED, event__ended_at__lt=before)
    cancelled = Q(event__status=EventStatus.CANCELLED, event__changed_at__lt=before)
    PushSubscription.objects.filter(ended | cancelled).delete()
