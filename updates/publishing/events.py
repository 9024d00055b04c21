"""Operations on an event: create it, change its details, change its state."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EventStatus, Role, Waiting, new_epoch
from updates.content.sanitize import clean_html, clean_line, clean_lines, is_blank
from updates.embedding import canonical_sites
from updates.languages import canonical_language
from updates.models import Assignment, Change, Event
from updates.models.guard import writing
from updates.permissions import check_may_create_event, check_may_manage, check_may_moderate
from updates.types import Actor, User
from updates.untyped import JSONObject

from .entries import open_now
from .errors import NewerVersion, Refused
from .limits import check_length
from .operation import Operation, operation, retried
from .pending import decide_pending, prepare_pending
from .pictures.renditions import published_images, withdraw_on_commit
from .translations import link_translation, related_ids, update_translations

TRANSITIONS: Final[dict[ChangeKind, dict[EventStatus, EventStatus]]] = {
    ChangeKind.ANNOUNCE: {
        EventStatus.DRAFT: EventStatus.UPCOMING,
        EventStatus.POSTPONED: EventStatus.UPCOMING,
        EventStatus.CANCELLED: EventStatus.UPCOMING,
    },
    ChangeKind.OPEN: {
        EventStatus.DRAFT: EventStatus.LIVE,
        EventStatus.UPCOMING: EventStatus.LIVE,
        EventStatus.POSTPONED: EventStatus.LIVE,
    },
    ChangeKind.END: {EventStatus.LIVE: EventStatus.ENDED},
    ChangeKind.REOPEN: {EventStatus.ENDED: EventStatus.LIVE},
    ChangeKind.POSTPONE: {
        EventStatus.UPCOMING: EventStatus.POSTPONED,
        EventStatus.LIVE: EventStatus.POSTPONED,
    },
    ChangeKind.CANCEL: {
        EventStatus.UPCOMING: EventStatus.CANCELLED,
        EventStatus.LIVE: EventStatus.CANCELLED,
        EventStatus.POSTPONED: EventStatus.CANCELLED,
    },
}
"""Operation → state before → state after; anything else is refused. ``docs/architecture.md`` shows it as a table."""


OVER: Final = {EventStatus.ENDED, EventStatus.CANCELLED}
"""States in which pending updates can no longer be published."""


class _Unchanged:
    """Marks a field to leave as it is, where ``None`` means “none”."""


UNCHANGED: Final = _Unchanged()


@dataclass(frozen=True)
class EventDetails:
    """New details of an event; fields left out stay as they are."""

    title: str | _Unchanged = UNCHANGED
    standfirst: str | _Unchanged = UNCHANGED
    byline: str | _Unchanged = UNCHANGED
    key_points: tuple[str, ...] | _Unchanged = UNCHANGED
    planned_start: datetime | _Unchanged | None = UNCHANGED
    planned_end: datetime | _Unchanged | None = UNCHANGED
    lead_picture: int | _Unchanged | None = UNCHANGED
    sensitive: bool | _Unchanged = UNCHANGED
    translation_of: int | _Unchanged | None = UNCHANGED
    slug: str | _Unchanged = UNCHANGED
    language: str | _Unchanged = UNCHANGED
    time_zone: str | _Unchanged = UNCHANGED
    page_size: int | _Unchanged = UNCHANGED
    shows_ads: bool | _Unchanged = UNCHANGED
    shows_reader_count: bool | _Unchanged = UNCHANGED
    shows_writing: bool | _Unchanged = UNCHANGED
    ended_oldest_first: bool | _Unchanged = UNCHANGED
    ends_after: int | _Unchanged | None = UNCHANGED
    is_listed: bool | _Unchanged = UNCHANGED
    embed_sites: list[str] | _Unchanged = UNCHANGED
    direct_publishing: bool | _Unchanged = UNCHANGED

    def changes(self) -> JSONObject:
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if value is not UNCHANGED}


SETTINGS: Final = {
    "slug", "translation_of", "language", "time_zone", "page_size", "shows_ads", "shows_reader_count", "shows_writing",
    "ended_oldest_first", "ends_after", "is_listed", "embed_sites", "direct_publishing",
}  # fmt: skip
"""Details that only an editor changes."""

REDRAWING: Final = {"language", "time_zone", "page_size"}
"""Details that change how every page is drawn: a new epoch makes open pages reload."""


NAMED_BY_TRANSLATIONS: Final = {"translation_of", "language", "is_listed", "slug"}
"""Details on which it depends what the pages of translations say of an event."""


@retried
def create_event(details: EventDetails, actor: User, *, at: datetime | None = None) -> Event:
    """Create a draft event, with an address from its title if it has none; its creator becomes its editor."""
    check_may_create_event(actor)
    event = Event()
    with transaction.atomic(), writing():
        _apply(event, details.changes(), at or timezone.now(), actor)
        event.slug = event.slug or Event.objects.free_slug(event.title)
        event.desk_head = 1
        event.full_clean()
        event.save()
        Assignment.objects.create(event=event, user=actor, role=Role.EDITOR)
        Change.objects.create(event=event, desk_seq=1, kind=ChangeKind.CREATE, actor=actor, at=at or timezone.now())
    return event


@retried
def change_event(
    event_id: int,
    details: EventDetails,
    actor: User,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Event:
    """Change details. Readers get title, standfirst and key points at once. Does nothing without a difference.

    Raises ``NewerVersion`` if ``version`` is no longer the newest, and ``ValidationError`` by field.
    """
    with operation(event_id, actor, at) as running:
        event = running.event
        changes = {name: value for name, value in details.changes().items() if _differs(event, name, value)}
        check_may_moderate(actor, event)
        if changes.keys() & SETTINGS:
            check_may_manage(actor, event)
        if version is not None and version != event.version:
            raise NewerVersion(_("This live blog was changed while you were editing."), current=event)
        if event.is_public and "slug" in changes:
            raise Refused(_("Readers already have this address, so it can no longer be changed."))
        if changes:
            related = related_ids(event)
            _apply(event, changes, running.at, actor)
            event.full_clean()
            if changes.keys() & NAMED_BY_TRANSLATIONS:
                update_translations(running, *related)
            if changes.keys() & REDRAWING:
                event.epoch = new_epoch()
            running.event_changed(ChangeKind.DETAILS, fields=sorted(changes))
    return event


def _differs(event: Event, name: str, value: object) -> bool:
    if name == "language":
        value = canonical_language(str(value))
    if isinstance(value, tuple):
        return bool(_clean_points(value) != event.key_points)
    stored = f"{name}_id" if name in {"lead_picture", "translation_of"} else name
    return bool(getattr(event, stored) != value)


def _apply(event: Event, changes: JSONObject, at: datetime, actor: User) -> None:
    for name, value in changes.items():
        match name:
            case "title" | "byline":
                setattr(event, name, clean_line(value))
            case "standfirst":
                event.standfirst = clean_lines(value)
            case "key_points":
                event.key_points, event.key_points_at = _clean_points(value), at
            case "lead_picture":
                _set_lead(event, value)
            case "translation_of":
                link_translation(event, value, actor)
            case _:
                setattr(event, name, CANONICAL[name](value) if name in CANONICAL else value)


def _clean_points(points: tuple[str, ...]) -> list[str]:
    return [clean for clean in map(clean_html, points) if not is_blank(clean)]


def _clean_sites(sites: list[str]) -> list[str]:
    try:
        return canonical_sites(sites)
    except ValidationError as error:
        raise ValidationError({"embed_sites": error}) from error


CANONICAL: Final[dict[str, Callable[..., object]]] = {"language": canonical_language, "embed_sites": _clean_sites}
"""What brings the value of a setting into its one form."""


def _set_lead(event: Event, image_id: int | None) -> None:
    specs = published_images({image_id} if image_id else ())
    if image_id and image_id not in specs:
        raise ValidationError({"lead_picture": _("This picture no longer exists. Choose another.")})
    withdraw_on_commit({event.lead["id"]} if event.lead else ())
    event.lead_picture_id = image_id
    event.lead = specs[image_id] if image_id else {}


@retried
def change_state(
    event_id: int,
    kind: ChangeKind,
    actor: User,
    *,
    note: str = "",
    reason: str = "",
    waiting: Waiting | None = None,
    at: datetime | None = None,
) -> Event:
    """Announce, open, end, reopen, postpone or cancel; readers see ``note`` while the state lasts.

    ``waiting`` is the decision about submitted and scheduled updates. If there are any, ending and cancelling need it.
    """
    note = clean_line(note)
    check_length(note, Event, "status_note")
    if waiting == Waiting.PUBLISH:
        prepare_pending(event_id, actor)
    with operation(event_id, actor, at) as running:
        event = running.event
        check_may_moderate(actor, event)
        before = EventStatus(event.status)
        after = TRANSITIONS[kind].get(before)
        if after is None:
            raise Refused(
                _("“%(kind)s” is not possible while the state is “%(state)s”.")
                % {"kind": kind.label, "state": before.label},
                code=f"event-{before}",
            )
        if after in OVER:
            decide_pending(running, waiting)
        if kind == ChangeKind.OPEN:
            open_now(running)
        else:
            enter(running, kind, after, note, reason)
    return event


def enter(running: Operation, kind: ChangeKind, after: EventStatus, note: str, reason: str) -> None:
    """Set a state and the fields that depend on it. The caller has checked that it is allowed."""
    event = running.event
    event.status = after
    event.status_note = note
    event.ended_at = running.at if after == EventStatus.ENDED else None
    running.event_changed(kind, reason=reason, status=after, note=note)
    update_translations(running)


@retried
def start_epoch(
    event_id: int, actor: Actor = None, *, replacing: str = "", reason: str = "", at: datetime | None = None
) -> Event:
    """Declare the numbers that readers hold void, for example after a restore: every open page loads itself anew.

    ``replacing`` names the epoch to replace: of several processes that notice a restore only the first replaces it.
    """
    with operation(event_id, actor, at) as running:
        if replacing in ("", running.event.epoch):
            running.event.epoch = new_epoch()
            running.log_desk(ChangeKind.EPOCH, epoch=running.event.epoch, reason=reason)
    return running.event
