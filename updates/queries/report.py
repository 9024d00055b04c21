"""The figures of a live blog, also after it has ended: what was published, and who read it when."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import Count

from updates.choices import ChangeKind, EntryStatus
from updates.models import Change, Event, display_name

from .audience import Audience, Staleness, audience_of, minutes_of, staleness_in

COUNTED = (ChangeKind.PUBLISH, ChangeKind.CORRECT, ChangeKind.CLARIFY, ChangeKind.REMOVE)


@dataclass(frozen=True)
class Report:
    event: Event
    updates: int
    """Those on the page now."""
    key_events: int
    removed: int
    corrections: int
    clarifications: int
    writers: tuple[tuple[str, int], ...]
    """Names with the number of their updates on the page, the most first."""
    audience: Audience
    staleness: Staleness | None


@dataclass(frozen=True)
class ReportMinute:
    minute: datetime
    readers: int
    published: int
    corrected: int
    removed: int


def report_of(event: Event) -> Report:
    published = event.entries.published()
    kinds = _kinds(event)
    return Report(
        event,
        updates=published.count(),
        key_events=published.filter(is_key=True).count(),
        removed=event.entries.filter(status=EntryStatus.REMOVED).count(),
        corrections=kinds[ChangeKind.CORRECT],
        clarifications=kinds[ChangeKind.CLARIFY],
        writers=_writers(event),
        audience=audience_of(event),
        staleness=staleness_in(event),
    )


def _kinds(event: Event) -> Counter[str]:
    rows = Change.objects.filter(event=event, kind__in=COUNTED).order_by().values_list("kind").annotate(Count("pk"))
    return Counter(dict(rows))


def _writers(event: Event) -> tuple[tuple[str, int], ...]:
    counts = dict(event.entries.published().order_by().values_list("author").annotate(Count("pk")))
    users = get_user_model()._default_manager.in_bulk(list(counts))
    named = ((display_name(user), counts[pk]) for pk, user in users.items())
    return tuple(sorted(named, key=lambda pair: (-pair[1], pair[0].casefold())))


def report_minutes(event: Event) -> list[ReportMinute]:
    """Return every minute with readers or changes, the oldest first."""
    readers = dict(minutes_of(event))
    changes: Counter[tuple[datetime, str]] = Counter()
    log = Change.objects.filter(event=event, kind__in=COUNTED).values_list("at", "kind")
    for at, kind in log.iterator(chunk_size=2000):
        changes[at.replace(second=0, microsecond=0), kind] += 1
    minutes = sorted(readers.keys() | {minute for minute, _kind in changes})
    return [
        ReportMinute(
            minute,
            readers.get(minute, 0),
            changes[minute, ChangeKind.PUBLISH],
            changes[minute, ChangeKind.CORRECT] + changes[minute, ChangeKind.CLARIFY],
            changes[minute, ChangeKind.REMOVE],
        )
        for minute in minutes
    ]
