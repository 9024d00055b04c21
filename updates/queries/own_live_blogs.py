"""The live blogs of somebody's first page after the login, and what waits for them there; in few queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from updates.choices import OVER, EntryStatus
from updates.models import Entry, Event, Revision
from updates.permissions import may_moderate, remember_roles
from updates.types import User

AT_WORK: Final = 10
"""Live blogs shown that are live or not yet; the list of live blogs has all."""

ENDED: Final = 5


@dataclass(frozen=True)
class Waits:
    """The updates that somebody can do something about."""

    submitted: int
    """To be approved by them; for a correspondent, their own that somebody else has to approve."""
    scheduled: int
    sent_back: int
    """Their own, with a reason to read."""


@dataclass(frozen=True)
class OwnLiveBlog:
    event: Event
    newest: Entry | None
    """The newest published update."""
    waits: Waits
    moderates: bool


@dataclass(frozen=True)
class OwnLiveBlogs:
    at_work: tuple[OwnLiveBlog, ...]
    ended: tuple[OwnLiveBlog, ...]
    has_more: bool


def own_live_blogs(user: User) -> OwnLiveBlogs:
    """Read the live blogs of a user, the live ones first."""
    own = Event.objects.of(user)
    at_work = list(own.at_work()[: AT_WORK + 1])
    over = own.filter(status__in=OVER).order_by(Coalesce("ended_at", "changed_at").desc(nulls_last=True), "-pk")
    ended = list(over[: ENDED + 1])
    rows = _with_news(user, [*at_work[:AT_WORK], *ended[:ENDED]])
    cut = min(len(at_work), AT_WORK)
    return OwnLiveBlogs(rows[:cut], rows[cut:], has_more=len(at_work) > AT_WORK or len(ended) > ENDED)


def only_live_blog(user: User) -> int | None:
    """Return the key of the one live blog that a user works in; ``None`` if there is none or a choice."""
    pks = Event.objects.of(user).at_work().values_list("pk", flat=True)[:2]
    return pks[0] if len(pks) == 1 else None


def _with_news(user: User, events: list[Event]) -> tuple[OwnLiveBlog, ...]:
    remember_roles(user, events)
    moderated = {event.pk for event in events if may_moderate(user, event)}
    newest = _newest(events)
    counts = _counts(user, events, moderated)
    return tuple(
        OwnLiveBlog(event, newest.get(event.pk), _waits(counts, event), event.pk in moderated) for event in events
    )


def _newest(events: Iterable[Event]) -> dict[int, Entry]:
    newest = Entry.objects.published().filter(event=OuterRef("pk")).newest_first().values("pk")[:1]
    pks = Event.objects.filter(pk__in=[event.pk for event in events]).values_list(Subquery(newest), flat=True)
    rows = Entry.objects.filter(pk__in=[pk for pk in pks if pk]).only("event_id", "title", "headline", "published_at")
    return {entry.event_id: entry for entry in rows}


def _counts(user: User, events: Iterable[Event], moderated: set[int]) -> Counter[tuple[int, str]]:
    """Count unpublished updates and submitted changes that the user may see, by event and state."""
    pks = [event.pk for event in events]
    visible = Q(author=user) | Q(event__in=moderated)
    entries = Entry.objects.filter(visible, event__in=pks, status__in=[EntryStatus.SUBMITTED, EntryStatus.SCHEDULED])
    sent_back = Entry.objects.filter(event__in=pks, author=user, status=EntryStatus.DRAFT).exclude(sent_back_note="")
    changes = Revision.objects.filter(entry__event__in=pks, entry__status=EntryStatus.PUBLISHED)
    changes = changes.filter(Q(author=user) | Q(entry__event__in=moderated))
    counts: Counter[tuple[int, str]] = Counter()
    for rows in (
        entries.order_by().values_list("event", "status").annotate(Count("pk")),
        sent_back.order_by().values_list("event", "status").annotate(Count("pk")),
        changes.filter(_is_theirs(user)).order_by().values_list("entry__event", "status").annotate(Count("pk")),
    ):
        for event, status, count in rows:
            counts[event, status] += count
    return counts


def _is_theirs(user: User) -> Q:
    """Submitted changes, and those of the user's own that were sent back."""
    return Q(status=EntryStatus.SUBMITTED) | Q(author=user) & ~Q(sent_back_note="")


def _waits(counts: Counter[tuple[int, str]], event: Event) -> Waits:
    submitted, scheduled, sent_back = (
        counts[event.pk, status.value] for status in (EntryStatus.SUBMITTED, EntryStatus.SCHEDULED, EntryStatus.DRAFT)
    )
    return Waits(submitted, scheduled, sent_back)
