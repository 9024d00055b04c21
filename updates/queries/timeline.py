"""The timeline of a desk: the rows that a user may see, in few queries, whatever the event's size."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db.models import Case, Count, Q, Value, When
from django.utils import timezone

from updates.choices import ChangeKind, EntryStatus
from updates.content.published import PhotoJSON
from updates.content.search import compared
from updates.models import Change, Entry, Event, Revision, display_name
from updates.models.entry import EntryQuerySet
from updates.permissions import may_moderate
from updates.types import User

from .reader_pages import with_event

ROWS: Final = 30
"""Rows of one response; “Show earlier updates” brings as many again."""

WAITING_AT_MOST: Final = 100
_AGES: Final = 10**13
"""Milliseconds; more than the time of any entry."""

CHANGED_AT_MOST: Final = 200
"""A desk that has missed more changes loads its timeline again."""

WAITING: Final = (EntryStatus.SUBMITTED, EntryStatus.SCHEDULED, EntryStatus.DRAFT)
OUT: Final = (EntryStatus.PUBLISHED, EntryStatus.REMOVED)
KEY: Final = "key"
SHOWS: Final = ("", KEY, *(status.value for status in (*WAITING, EntryStatus.REMOVED)))


@dataclass(frozen=True)
class TimelineQuery:
    """The filters of a timeline. ``show`` is one of ``SHOWS``; ``from_order`` is the newest order, inclusive."""

    show: str = ""
    author: int | None = None
    words: str = ""
    below: int | None = None
    from_order: int | None = None

    @property
    def is_everything(self) -> bool:
        """Whether no filter but the place is set."""
        return not (self.show or self.author or self.words)

    @property
    def is_newest(self) -> bool:
        return self.below is None and self.from_order is None


@dataclass(frozen=True)
class Row:
    """One entry of a timeline."""

    entry: Entry
    writer: str
    names: str
    """Its bylines, where it is published."""
    corrected_at: datetime | None
    removed_by: str
    place: int
    """Position in its list; the highest comes first."""
    thumbnail: str
    """Address of its first photo's smallest public size."""
    change_waits: bool
    """Whether a submitted change of it waits for approval."""

    @property
    def is_waiting(self) -> bool:
        return self.entry.status in WAITING


@dataclass(frozen=True)
class Counts:
    """How many entries of each kind a user may see."""

    key: int
    draft: int
    submitted: int
    scheduled: int
    removed: int


@dataclass(frozen=True)
class Timeline:
    event: Event
    query: TimelineQuery
    waiting: tuple[Row, ...]
    rows: tuple[Row, ...]
    more: bool
    """Whether there are earlier rows."""


def timeline(event: Event, user: User, query: TimelineQuery) -> Timeline:
    """Read a timeline in three queries at most: unpublished entries, published ones, and a pinned one further down."""
    seen = _filtered(_visible(user, event), query)
    waiting = Entry.objects.none()
    if query.is_newest and query.show != KEY:
        waiting = _most_urgent(seen.filter(status__in=WAITING), user)[:WAITING_AT_MOST]
    out = list(_in_range(seen.filter(status__in=OUT), query).newest_first()[: ROWS + 1])
    rows = out[:ROWS]
    if query.is_newest and query.is_everything:
        rows = _pinned_first(event, rows)
    made = rows_of(event, user, [*waiting, *rows])
    ahead = sorted((row for row in made if row.is_waiting), key=lambda row: -row.place)
    return Timeline(event, query, tuple(ahead), tuple(row for row in made if not row.is_waiting), len(out) > ROWS)


def _most_urgent(waiting: EntryQuerySet, user: User) -> EntryQuerySet:
    kinds = (Q(status=EntryStatus.SUBMITTED), Q(status=EntryStatus.SCHEDULED), Q(author=user))
    urgency = Case(*(When(kind, then=Value(number)) for number, kind in enumerate(kinds)), default=Value(len(kinds)))
    return waiting.order_by(urgency, "scheduled_at", "-created_at")


def _place(entry: Entry, user: User) -> int:
    """Return an entry's position: of published ones their order.

    Unpublished ones stand apart: submissions, then scheduled ones, both by time; then drafts, the user's own first and
    the newest first, since only some of them are visible at once.
    """
    if entry.status not in WAITING:
        return entry.order or 0
    kind = WAITING.index(EntryStatus(entry.status))
    is_draft = entry.status == EntryStatus.DRAFT
    at = int((entry.scheduled_at or entry.created_at).timestamp() * 1000)
    return (at if is_draft else -at) - _AGES * (kind + (is_draft and entry.author_id != user.pk))


def _visible(user: User, event: Event) -> EntryQuerySet:
    entries = Entry.objects.filter(event=event, status__in=[*WAITING, *OUT])
    entries = entries.select_related("author", "removed_by", "revision")
    return entries if may_moderate(user, event) else entries.filter(Q(status__in=OUT) | Q(author=user))


def _filtered(entries: EntryQuerySet, query: TimelineQuery) -> EntryQuerySet:
    if query.show == KEY:
        entries = entries.filter(is_key=True, status=EntryStatus.PUBLISHED)
    elif query.show == EntryStatus.SUBMITTED:
        changed = Q(revision__status=query.show, status=EntryStatus.PUBLISHED)
        entries = entries.filter(Q(status=query.show) | changed)
    elif query.show:
        entries = entries.filter(status=query.show)
    if query.author:
        entries = entries.filter(author=query.author)
    for word in compared(query.words).split():
        entries = entries.filter(words__contains=word)
    return entries


def _in_range(entries: EntryQuerySet, query: TimelineQuery) -> EntryQuerySet:
    if query.below is not None:
        entries = entries.filter(order__lt=query.below)
    if query.from_order is not None:
        entries = entries.filter(order__lte=query.from_order)
    return entries


def _pinned_first(event: Event, rows: list[Entry]) -> list[Entry]:
    pinned = [row for row in rows if row.is_pinned]
    if not pinned:
        pinned = list(event.entries.filter(is_pinned=True).select_related("author", "removed_by", "revision"))
    return [*pinned, *(row for row in rows if not row.is_pinned)]


def rows_of(event: Event, user: User, entries: Iterable[Entry]) -> list[Row]:
    return [_row(with_event(entry, event), user) for entry in entries]


def _row(entry: Entry, user: User) -> Row:
    content = entry.content or {}
    revision = getattr(entry, "revision", None)
    photos = [block for block in content.get("blocks", ()) if block["kind"] == "photo"]
    corrections = content.get("corrections") or [{"at": None}]
    corrected = corrections[-1]["at"]
    return Row(
        entry=entry,
        writer=display_name(entry.author),
        names=", ".join(by["name"] for by in content.get("bylines", ())),
        corrected_at=datetime.fromisoformat(corrected) if corrected else None,
        removed_by=display_name(entry.removed_by),
        place=_place(entry, user),
        thumbnail=_smallest(photos) if entry.is_published else "",
        change_waits=bool(revision and revision.is_submitted and entry.is_published),
    )


def _smallest(photos: list[PhotoJSON]) -> str:
    sizes = photos[0]["image"]["renditions"] if photos else []
    return str(default_storage.url(min(sizes, key=lambda size: size["width"])["webp"])) if sizes else ""


# Changes since


@dataclass(frozen=True)
class TimelineChanges:
    """Changes of a timeline since a desk number: rows to draw, and entries that are not in it any more."""

    head: int
    rows: tuple[Row, ...]
    gone: tuple[int, ...]
    event_changed: bool
    too_much: bool = False


def changed_since(event: Event, user: User, query: TimelineQuery, number: int) -> TimelineChanges:
    """Read the changes in three queries. Drafts of others are not named, not even as gone."""
    log = Change.objects.filter(event=event, desk_seq__gt=number).values_list("entry_id", flat=True)
    pks = list(log.order_by("desk_seq")[: CHANGED_AT_MOST + 1])
    if len(pks) > CHANGED_AT_MOST:
        return TimelineChanges(event.desk_head, (), (), event_changed=True, too_much=True)
    changed = dict.fromkeys(pk for pk in pks if pk)
    everywhere = replace(query, below=None, from_order=None)
    fitting = _filtered(_visible(user, event), everywhere).filter(pk__in=changed) if changed else ()
    rows = tuple(rows_of(event, user, fitting))
    missing = changed.keys() - {row.entry.pk for row in rows}
    gone = frozenset(Change.objects.visible_to(user).filter(entry__in=missing).values_list("entry_id", flat=True))
    return TimelineChanges(event.desk_head, rows, tuple(sorted(gone)), event_changed=None in pks)


def counts(event: Event, user: User) -> Counts:
    """Count in three queries over indexes."""
    by_status = dict(_visible(user, event).select_related(None).order_by().values_list("status").annotate(Count("pk")))
    key = Entry.objects.filter(event=event, is_key=True, status=EntryStatus.PUBLISHED).count()
    drafts, submitted, scheduled, removed = (
        by_status.get(status, 0)
        for status in (EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.SCHEDULED, EntryStatus.REMOVED)
    )
    changes = Revision.objects.submitted().filter(entry__event=event)
    if not may_moderate(user, event):
        changes = changes.filter(author=user)
    return Counts(key, drafts, submitted + changes.count(), scheduled, removed)


def writers(event: Event) -> list[tuple[int, str]]:
    """Return the authors of an event's entries, sorted by name."""
    accounts = get_user_model()._default_manager.filter(pk__in=Entry.objects.filter(event=event).values("author"))
    return sorted(((account.pk, display_name(account)) for account in accounts), key=lambda pair: pair[1].casefold())


NEWS: Final = (ChangeKind.PUBLISH, ChangeKind.OPEN, ChangeKind.REOPEN)


def last_news(event: Event) -> datetime:
    """Return when the event had its newest update, or went live."""
    at = Change.objects.filter(event=event, kind__in=NEWS).order_by("-desk_seq").values_list("at", flat=True).first()
    return at or event.created_at


def quiet_hours(event: Event) -> int:
    """Return the hours since the newest update of a live event, where they are worth a warning; else 0."""
    if not event.is_live:
        return 0
    hours = (timezone.now() - last_news(event)) // timedelta(hours=1)
    return hours if hours >= settings.WARN_AFTER_HOURS else 0


# Jumping to an entry


def place_at(event: Event, moment: datetime) -> int | None:
    """Return the order of the newest entry that was published at a moment."""
    out = Entry.objects.filter(event=event, status__in=OUT, published_at__lte=moment)
    return out.order_by("-published_at").values_list("order", flat=True).first()


def entry_at(public_id: str) -> Entry | None:
    """Return the entry of a permalink, of any event, without checking who may see it."""
    return Entry.objects.select_related("event").filter(public_id=public_id, status__in=OUT).first()


def desk_heads(event_ids: list[int]) -> dict[int, int]:
    """Return the desk head of each event, in one query."""
    return dict(Event.objects.filter(pk__in=event_ids).order_by().values_list("pk", "desk_head"))


# Presence


@dataclass(frozen=True)
class EntryAccess:
    """The fields that decide who may know that an entry exists."""

    author: int
    is_out: bool


def entry_access(event_id: int, pks: Iterable[int]) -> dict[int, EntryAccess]:
    """Read it for those entries that belong to the event, in one query."""
    rows = Entry.objects.filter(event=event_id, pk__in=list(pks)).values_list("pk", "author", "status")
    return {pk: EntryAccess(author, status in OUT) for pk, author, status in rows}
