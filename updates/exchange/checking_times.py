"""Check that nothing in a file has happened in the future: it would be published today and stay on top of the feeds."""

from datetime import datetime, timedelta
from typing import Final

from .input_models import EntryPart, EventPart
from .problems import Problems

CLOCK_SKEW: Final = timedelta(minutes=5)
"""How far the clock of the computer that wrote a file may be ahead."""


def check_event_times(event: EventPart, now: datetime, problems: Problems) -> None:
    for name in ("key_points_at", "started_at", "ended_at", "changed_at"):
        _check(getattr(event, name), f"event.{name}", now, problems)


def check_entry_times(entry: EntryPart, path: str, now: datetime, problems: Problems) -> None:
    for name in ("time", "updated", "changed"):
        _check(getattr(entry, name), f"{path}.{name}", now, problems)
    for number, correction in enumerate(entry.corrections):
        _check(correction.at, f"{path}.corrections[{number}].at", now, problems)
    if entry.removed:
        _check(entry.removed.at, f"{path}.removed.at", now, problems)


def _check(time: datetime | None, path: str, now: datetime, problems: Problems) -> None:
    if time is not None and time > now + CLOCK_SKEW:
        problems.add(path, "is in the future; give a time that has passed")
