"""Where a story stands, and what people have done to it meanwhile.

Both are read from the log, never remembered: a step is told when the log has its change. So a restart goes on
where the story stopped, also after a crash in the middle of a step.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import QuerySet

from updates.choices import ChangeKind
from updates.models import Change

from .steps import Details, Pin, Post, Remove, Rewrite, Step
from .telling import Telling

QUIET = timedelta(minutes=3)
"""How long the story waits after somebody has worked at the desk, so that their update stays on top."""


def steps_told(steps: tuple[Step, ...], telling: Telling) -> int:
    """How many of the steps are behind us: all up to the last one that the log has."""
    rows = Change.objects.filter(event=telling.event, actor=telling.teller).order_by("desk_seq")
    told = set(_numbered(rows.values_list("kind", "entry__idempotency_key")))
    marks = ((str(step.kind), telling.key(step.name) if step.name else None) for step in steps)
    behind = [place for place, mark in enumerate(_numbered(marks), start=1) if mark in told]
    return max(behind, default=0)


def _numbered(marks: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str | None, int]]:
    """Each mark with how often it has come by then, so that two changes of one kind differ."""
    seen = Counter[tuple[str, str | None]]()
    for mark in marks:
        seen[mark] += 1
        yield (*mark, seen[mark])


def is_touched(step: Step, telling: Telling) -> bool:
    """Whether a person has laid hands on what a step would change. The story leaves such things alone."""
    by_people = _changes_of_people(telling)
    match step:
        case Post():
            return False
        case Details():
            return by_people.filter(kind=ChangeKind.DETAILS).exists()
        case Pin():
            return by_people.filter(kind__in=[ChangeKind.PIN, ChangeKind.UNPIN]).exists()
        case Rewrite() | Remove():
            return by_people.filter(entry=telling.entry(step.name)).exists()


def somebody_is_writing(telling: Telling, now: datetime) -> bool:
    """Whether a person changed the event within ``QUIET``, or has said that they are at it."""
    if cache.get(_hold_key(telling.event.pk)):
        return True
    newest = _changes_of_people(telling).order_by("-desk_seq").values_list("at", flat=True).first()
    return newest is not None and now - newest < QUIET


def hold(event_id: int) -> None:
    """Ask the story to wait ``QUIET`` from now, for example because somebody has opened the form at the desk."""
    cache.set(_hold_key(event_id), True, QUIET.total_seconds())


def hold_for_desk(event_id: int, **_signal: object) -> None:
    """Receive ``desk_opened``."""
    hold(event_id)


def _hold_key(event_id: int) -> str:
    return f"story.hold.{event_id}"


def _changes_of_people(telling: Telling) -> QuerySet[Change]:
    """Everything that somebody else than the newsdesk did since the story was set up."""
    since_then = Change.objects.filter(event=telling.event, at__gt=telling.event.created_at)
    return since_then.exclude(actor=telling.teller)
