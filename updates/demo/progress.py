"""Progress of the story, and changes that people have made to it.

Both are read from the log: a step is done if the log has its change. So the story continues at the right step after a
restart, also after a crash in the middle of a step.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import QuerySet

from updates.choices import ChangeKind
from updates.models import Change

from .steps import Details, Edit, Pin, Post, Remove, Step
from .writer import StoryWriter

PAUSE = timedelta(minutes=3)
"""Time that the story pauses after somebody has worked at the desk, so that their update stays on top."""


def count_done(steps: tuple[Step, ...], writer: StoryWriter) -> int:
    """Count the steps up to the last one that the log has."""
    rows = Change.objects.filter(event=writer.event, actor=writer.newsdesk).order_by("desk_seq")
    logged = set(_numbered(rows.values_list("kind", "entry__idempotency_key")))
    changes = ((str(step.kind), writer.key(step.name) if step.name else None) for step in steps)
    done = [number for number, change in enumerate(_numbered(changes), start=1) if change in logged]
    return max(done, default=0)


def _numbered(changes: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str | None, int]]:
    """Add a counter to each kind and key, so that two changes of one kind differ."""
    counter = Counter[tuple[str, str | None]]()
    for change in changes:
        counter[change] += 1
        yield (*change, counter[change])


def was_changed_by_people(step: Step, writer: StoryWriter) -> bool:
    """Tell whether a person has changed the same thing as the step would: the story then skips the step."""
    by_people = _changes_of_people(writer)
    match step:
        case Post():
            return False
        case Details():
            return by_people.filter(kind=ChangeKind.DETAILS).exists()
        case Pin():
            return by_people.filter(kind__in=[ChangeKind.PIN, ChangeKind.UNPIN]).exists()
        case Edit() | Remove():
            return by_people.filter(entry=writer.entry(step.name)).exists()


def is_paused(writer: StoryWriter, now: datetime) -> bool:
    """Tell whether a person has changed the event or opened its desk within ``PAUSE``."""
    if cache.get(_pause_key(writer.event.pk)):
        return True
    newest = _changes_of_people(writer).order_by("-desk_seq").values_list("at", flat=True).first()
    return newest is not None and now - newest < PAUSE


def pause(event_id: int) -> None:
    """Let the story pause for ``PAUSE`` from now."""
    cache.set(_pause_key(event_id), True, PAUSE.total_seconds())


def pause_for_desk(event_id: int, **_signal: object) -> None:
    """Receive ``desk_opened``."""
    pause(event_id)


def _pause_key(event_id: int) -> str:
    return f"demo.pause.{event_id}"


def _changes_of_people(writer: StoryWriter) -> QuerySet[Change]:
    """Changes by anybody but the newsdesk since the set-up."""
    changes = Change.objects.filter(event=writer.event, at__gt=writer.event.created_at)
    return changes.exclude(actor=writer.newsdesk)
