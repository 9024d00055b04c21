"""Webhooks: who sets them up, and how they follow the log.

Nothing is written when something is published. Each webhook has a cursor in the log of each event; a change is
delivered when its turn comes, with what the update says then, and the cursor moves when the receiver has accepted it.
So nothing is lost or overtaken, whatever process is killed when, and a message that was under way is sent again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EventStatus, PauseReason, WebhookType, new_webhook_secret
from updates.models import Change, Event, Webhook, WebhookCursor, WebhookDelivery
from updates.permissions import check_may_manage_webhooks
from updates.types import User

from .errors import Refused

MOST: Final = 20
"""Webhooks of one event, or of the site."""

LEASE: Final = timedelta(seconds=60)
"""How long no other process takes the same delivery: much longer than a call may take."""

FIRST_PAUSE: Final = timedelta(seconds=2)
LONGEST_PAUSE: Final = timedelta(minutes=2)
"""The pause between two tries of a delivery, which doubles each time."""

PAUSED_AFTER: Final = timedelta(days=2)
"""How long a webhook may fail before it is paused. It goes on where it stopped when somebody resumes it."""

DELIVERY_LIFE: Final = timedelta(days=14)
"""How long deliveries are listed; the page of a webhook names it."""

GONE: Final = 410
"""Status by which a receiver says that it wants no more."""


@dataclass(frozen=True)
class Job:
    """A delivery that this process has taken."""

    delivery: WebhookDelivery
    change: Change | None = None
    cursor: WebhookCursor | None = None
    """``None`` if the delivery is sent out of order."""


def create_webhook(event: Event | None, url: str, types: list[str], actor: User) -> Webhook:
    """Create a webhook that begins with the next change. Its address must have been checked."""
    check_may_manage_webhooks(actor, event)
    with transaction.atomic():
        if Webhook.objects.filter(event=event).count() >= MOST:
            raise Refused(_("There are too many webhooks here. Delete one first."))
        webhook = Webhook.objects.create(event=event, url=url, types=sorted(types), created_by=actor)
        events = Event.objects.filter(pk=event.pk) if event else Event.objects.all()
        now = timezone.now()
        WebhookCursor.objects.bulk_create(
            WebhookCursor(webhook=webhook, event_id=pk, seq=head, next_at=now)
            for pk, head in events.values_list("pk", "head")
        )
    return webhook


def delete_webhook(webhook: Webhook, actor: User) -> None:
    check_may_manage_webhooks(actor, webhook.event)
    webhook.delete()


def pause_webhook(webhook: Webhook, actor: User) -> None:
    check_may_manage_webhooks(actor, webhook.event)
    Webhook.objects.filter(pk=webhook.pk).update(is_active=False, pause_reason="")


def resume_webhook(webhook: Webhook, actor: User) -> None:
    """Go on with the first change that was not delivered."""
    check_may_manage_webhooks(actor, webhook.event)
    Webhook.objects.filter(pk=webhook.pk).update(is_active=True, pause_reason="")
    webhook.cursors.update(next_at=timezone.now(), failures=0, failing_since=None)


def renew_secret(webhook: Webhook, actor: User) -> str:
    check_may_manage_webhooks(actor, webhook.event)
    webhook.secret = new_webhook_secret()
    webhook.save(update_fields=["secret"])
    return webhook.secret


def order_test(webhook: Webhook, actor: User) -> WebhookDelivery:
    check_may_manage_webhooks(actor, webhook.event)
    return webhook.deliveries.create(type=WebhookType.TEST, created_at=timezone.now(), is_wanted=True)


def order_again(delivery: WebhookDelivery, actor: User) -> None:
    """Send a delivery once more, now. One whose turn has not passed keeps its place in the order, unless the webhook is
    paused."""
    webhook = delivery.webhook
    check_may_manage_webhooks(actor, webhook.event)
    waiting = webhook.cursors.filter(webhook__is_active=True, event=delivery.event_id, seq__lt=delivery.seq or 0)
    if not waiting.update(next_at=timezone.now()):
        WebhookDelivery.objects.filter(pk=delivery.pk).update(is_wanted=True)


def due_cursors(now: datetime | None = None) -> list[tuple[int, int]]:
    """Return the keys of the cursors that have something to deliver, each with that of its webhook."""
    now = now or timezone.now()
    active = list(Webhook.objects.filter(is_active=True))
    if not active:
        return []
    for webhook in active:
        if webhook.event_id is None:
            _follow_new_events(webhook, now)
    due = WebhookCursor.objects.filter(webhook__is_active=True, next_at__lte=now, seq__lt=F("event__head"))
    return list(due.order_by("next_at").values_list("pk", "webhook"))


def wanted_deliveries() -> list[tuple[int, int]]:
    """Return the keys of the deliveries that somebody wants out of order, each with that of its webhook."""
    return list(WebhookDelivery.objects.filter(is_wanted=True).values_list("pk", "webhook"))


def take_next(cursor_id: int, now: datetime | None = None) -> Job | None:
    """Take the next change of an event that a webhook wants; ``None`` if there is none or another process has it."""
    now = now or timezone.now()
    with transaction.atomic():
        # Locks, on SQLite too. Without a join: PostgreSQL would compare the row as it was before another's lease.
        if not WebhookCursor.objects.filter(pk=cursor_id, next_at__lte=now).update(next_at=now + LEASE):
            return None
        cursor = WebhookCursor.objects.select_related("webhook", "event").get(pk=cursor_id)
        if not cursor.webhook.is_active:  # “Resume” ends the lease
            return None
        change = _next_change(cursor)
        if change is None:
            cursor.seq, cursor.next_at = cursor.event.head, now
            cursor.save(update_fields=["seq", "next_at"])
            return None
        of_change = {"webhook": cursor.webhook, "event": cursor.event, "seq": change.seq}
        values = {"type": WebhookType.of(change.kind), "created_at": now}
        delivery, _is_new = WebhookDelivery.objects.get_or_create(**of_change, defaults=values)
    return Job(delivery, change, cursor)


def take_wanted(delivery_id: int) -> Job | None:
    """Take a delivery that somebody wants; ``None`` if another process has it, or its event was hidden since."""
    if not WebhookDelivery.objects.filter(pk=delivery_id, is_wanted=True).update(is_wanted=False):
        return None
    delivery = WebhookDelivery.objects.select_related("webhook", "event").get(pk=delivery_id)
    if delivery.event and is_hidden(delivery.event, delivery.webhook):
        return None
    return Job(delivery, delivery.event.changes.filter(seq=delivery.seq).first() if delivery.event else None)


def store_result(job: Job, *, status: int, answer: str, wait: float = 0.0, now: datetime | None = None) -> bool:
    """Store what became of a try, and return whether it was accepted. ``wait``: seconds that the receiver asks for."""
    now, accepted = now or timezone.now(), 200 <= status < 300
    deliveries = WebhookDelivery.objects.filter(pk=job.delivery.pk)
    deliveries.update(tries=F("tries") + 1, tried_at=now, status=status, answer=answer)
    if job.change and _is_erased(job.change):  # during the call
        deliveries.update(answer="")
    if accepted:
        deliveries.filter(delivered_at=None).update(delivered_at=now)
    if status == GONE:
        _pause(job.delivery.webhook_id, PauseReason.GONE)
    if job.cursor:
        _move(job.cursor, job.delivery, now, wait, accepted=accepted)
    return accepted


def forget_answers(event: Event, numbers: list[int]) -> None:
    """Erase what receivers have answered to messages about some changes: it may repeat their words."""
    WebhookDelivery.objects.filter(event=event, seq__in=numbers).update(answer="")


def sweep_deliveries(now: datetime | None = None) -> None:
    """Delete old deliveries; those that still wait for their receiver stay."""
    old = Q(created_at__lt=(now or timezone.now()) - DELIVERY_LIFE)
    WebhookDelivery.objects.filter(old & (Q(delivered_at__isnull=False) | Q(event=None))).delete()


def _follow_new_events(webhook: Webhook, now: datetime) -> None:
    """Give events that were created after the webhook their cursors."""
    new = Event.objects.listed().exclude(pk__in=webhook.cursors.values("event")).values_list("pk", flat=True)
    cursors = [WebhookCursor(webhook=webhook, event_id=pk, next_at=now) for pk in new]
    WebhookCursor.objects.bulk_create(cursors, ignore_conflicts=True)


def _next_change(cursor: WebhookCursor) -> Change | None:
    """Return the oldest wanted change. What an event does while it is hidden is passed over."""
    event, webhook = cursor.event, cursor.webhook
    if is_hidden(event, webhook):
        return _unlisting(cursor)
    kinds = [kind for kind in WebhookType.kinds() if WebhookType.of(kind) in webhook.types]
    later = event.changes.filter(seq__gt=cursor.seq, seq__lte=event.head, kind__in=kinds)
    return later.order_by("seq").first()


def _unlisting(cursor: WebhookCursor) -> Change | None:
    """Return the change that took an event off the lists after readers knew it: the last one that is sent."""
    changes = cursor.event.changes.filter(kind=ChangeKind.DETAILS, seq__gt=cursor.seq).order_by("seq")
    public = cursor.event.changes.filter(kind__in=[ChangeKind.ANNOUNCE, ChangeKind.OPEN]).order_by("seq").first()
    if public is None or WebhookType.EVENT_CHANGED not in cursor.webhook.types:
        return None
    later = changes.filter(seq__gt=public.seq, seq__lte=cursor.event.head)
    return next((change for change in later if "is_listed" in change.snapshot.get("fields", [])), None)


def _is_erased(change: Change) -> bool:
    return Change.objects.filter(pk=change.pk, snapshot__erased=True).exclude(kind=ChangeKind.ERASE).exists()


def is_hidden(event: Event, webhook: Webhook) -> bool:
    """Return whether a webhook's receiver may not know of an event: one of the whole site gets listed events only."""
    return event.status == EventStatus.DRAFT or (webhook.event_id is None and not event.is_listed)


def _move(cursor: WebhookCursor, delivery: WebhookDelivery, now: datetime, wait: float, *, accepted: bool) -> None:
    """Move a cursor on, or let it wait. Does nothing if the lease has run out and somebody else has taken it."""
    held = WebhookCursor.objects.filter(pk=cursor.pk, next_at=cursor.next_at)
    if accepted:
        held.update(seq=delivery.seq, next_at=now, failures=0, failing_since=None)
        return
    pause = max(timedelta(seconds=wait), FIRST_PAUSE * 2 ** min(cursor.failures, 10))
    since = cursor.failing_since or now
    held.update(next_at=now + min(pause, LONGEST_PAUSE), failures=cursor.failures + 1, failing_since=since)
    if now - since > PAUSED_AFTER:
        _pause(cursor.webhook_id, PauseReason.FAILING)


def _pause(webhook_id: int, reason: str) -> None:
    Webhook.objects.filter(pk=webhook_id).update(is_active=False, pause_reason=reason)
