"""Messages to the sender of an update about its outcome."""

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from updates.choices import EntryStatus
from updates.models import Entry
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


def local_time(entry: Entry) -> str:
    if entry.scheduled_at is None:
        return "–"
    with timezone.override(zone_named(entry.event.time_zone)):
        day, clock, zone = (show(entry.scheduled_at) for show in (dates.short_day, dates.clock, dates.zone))
    return f"{day}, {clock} {zone}"


def with_link(message: str, entry: Entry) -> str:
    """Append the entry's title; an unpublished entry links to its form, as readers have no page of it."""
    change = reverse("admin:updates_entry_change", args=[entry.pk])
    address = change if entry.is_unpublished else entry.get_absolute_url()
    return format_html('{} <a href="{}">{}</a>', message, address, entry.title or _("no text yet"))
