"""End live blogs automatically after hours without an update, where their editors have set that."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import ngettext

from updates.choices import ChangeKind, EventStatus
from updates.models import Event
from updates.queries.timeline import last_news

from .events import enter
from .operation import operation, retried
from .pending import pending_updates


def quiet_ids(at: datetime | None = None) -> list[int]:
    """Return the ids of live blogs that are due to end."""
    now = at or timezone.now()
    events = Event.objects.filter(status=EventStatus.LIVE, ends_after__isnull=False)
    return [event.pk for event in events if _is_due(event, now)]


@retried
def end_if_quiet(event_id: int, *, at: datetime | None = None) -> Event:
    """End a live blog if it is still due under the lock: several processes may try at once."""
    with operation(event_id, None, at) as running:
        event = running.event
        if event.is_live and _is_due(event, running.at):
            hours = event.ends_after or 0
            reason = ngettext("No update for %d hour.", "No update for %d hours.", hours) % hours
            enter(running, ChangeKind.END, EventStatus.ENDED, "", reason)
    return event


def _is_due(event: Event, now: datetime) -> bool:
    """Return whether the hours are over. Pending updates keep a live blog open: they need a decision."""
    if event.ends_after is None:
        return False
    return last_news(event) <= now - timedelta(hours=event.ends_after) and not pending_updates(event).exists()
