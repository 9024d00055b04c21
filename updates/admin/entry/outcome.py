"""Messages to the sender of an update about its outcome."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.choices import ChangeKind, EntryStatus
from updates.models import Change, Entry
from updates.publishing.last_change import actor_name
from updates.rendering import dates
from updates.zones import zone_named

from .submit_actions import APPROVE_CHANGE, PROPOSE, SubmitAction


def message_of(action: SubmitAction, entry: Entry, *, is_new: bool, was_published: bool) -> str:
    match entry.status:
        case EntryStatus.SCHEDULED:
            return _("Scheduled for %s:") % local_time(entry)
        case EntryStatus.SUBMITTED:
            return _("Submitted:")
        case EntryStatus.DRAFT:
            return _("Draft saved:")
    return _of_published(action, is_new=is_new, was_published=was_published)


def _of_published(action: SubmitAction, *, is_new: bool, was_published: bool) -> str:
    if action is PROPOSE:
        return _("Change submitted. Readers see the published text until it is approved:")
    if action is APPROVE_CHANGE:
        return _("Change approved:")
    if was_published:
        return _("Changed:")
    return _("Published:") if is_new else _("This was already published:")


def news_of(change: Change) -> str:
    """Tell a writer what somebody else has done with an update, and why it was sent back."""
    if change.entry is None:
        return ""
    message = str(BY_OTHERS[change.kind]) % {"who": actor_name(change.actor)}
    linked = with_link(message, change.entry)
    is_reason = change.reason and change.kind == ChangeKind.SEND_BACK
    return format_html("{} <q>{}</q>", linked, change.reason) if is_reason else linked


BY_OTHERS: dict[str, Promise] = {
    ChangeKind.SEND_BACK: gettext_lazy("Sent back by %(who)s:"),
    ChangeKind.PUBLISH: gettext_lazy("Published by %(who)s:"),
    ChangeKind.SCHEDULE: gettext_lazy("Scheduled by %(who)s:"),
    ChangeKind.DISCARD: gettext_lazy("Discarded by %(who)s:"),
    ChangeKind.REMOVE: gettext_lazy("Removed by %(who)s:"),
}


def local_time(entry: Entry) -> str:
    if entry.scheduled_at is None:
        return "–"
    with timezone.override(zone_named(entry.event.time_zone)):
        day, clock, zone = (show(entry.scheduled_at) for show in (dates.short_day, dates.clock, dates.zone))
    return f"{day}, {clock} {zone}"


def with_link(message: str, entry: Entry) -> str:
    """Append the entry's title and the time; an unpublished entry links to its form, as readers have no page of it."""
    change = reverse("admin:updates_entry_change", args=[entry.pk])
    address = change if entry.is_unpublished else entry.get_absolute_url()
    with timezone.override(zone_named(entry.event.time_zone)):
        now = dates.clock(timezone.now())
    return format_html(
        '{} <a href="{}">{}</a> <time class="quiet">{}</time>', message, address, entry.title or _("no text yet"), now
    )
