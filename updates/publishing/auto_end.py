"""A live blog that nobody writes in any more ends by itself, where its editors want that."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import ngettext

from updates.choices import ChangeKind, EventStatus
from updates.models import Event
from updates.queries.timeline import last_news

from .events import enter
from .operation import operation, retried
from .pending import waiting_in


def quiet_ids(at: datetime | None = None) -> list[int]:
    """Live blogs that have had no update for as long as they may."""
    now = at or timezone.now()
    asked = Event.objects.filter(status=EventStatus.LIVE, ends_after__isnull=False)
    return [event.pk for event in asked if _is_over(event, now)]


@retried
def end_if_quiet(event_id: int, *, at: datetime | None = None) -> Event:
    """End it, unless something has come meanwhile. The lock and its state decide which of several processes does so."""
    with operation(event_id, None, at) as running:
        event = running.event
        if event.is_live and _is_over(event, running.at):
            hours = event.ends_after or 0
            reason = ngettext("No update for %d hour.", "No update for %d hours.", hours) % hours
            enter(running, ChangeKind.END, EventStatus.ENDED, "", reason)
    return event


def _is_over(event: Event, now: datetime) -> bool:
    """Nothing decides for them what becomes of updates that wait: where there are any, it goes on."""
    if event.ends_after is None:
        return False
    return last_news(event) <= now - timedelta(hours=event.ends_after) and not waiting_in(event).exists()
