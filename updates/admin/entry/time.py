"""The time that readers see on an entry, set on the event's own clock. Does not move it in the order."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import visible_entry
from updates.admin.fields import YEARS, WallClockField, same_minute, to_wall_clock
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.admin.row_actions.views import back_address
from updates.models import Entry
from updates.permissions import check_may_edit
from updates.publishing import Refused
from updates.types import user_of
from updates.zones import zone_named

from .last_action import remember, undo_by_time
from .preview_data import entry_preview


class TimeForm(forms.Form):
    time = WallClockField(
        label=gettext_lazy("Time shown to readers"),
        help_text=gettext_lazy(
            "In the live blog’s time zone. The update keeps its place. To change that, use “Move up” or “Move down”."
        ),
        later=False,
    )


def time_view(request: HttpRequest, pk: int) -> Answer:
    entry = visible_entry(request, pk)
    check_may_edit(user_of(request), entry)
    zone, back = entry.event.time_zone, back_address(request, entry)
    data = request.POST if request.method == "POST" else None
    form = TimeForm(data, initial={"time": to_wall_clock(_undone_time(request) or entry.published_at, zone)})
    form.fields["time"].zone = zone_named(zone)  # type: ignore[attr-defined]
    if form.is_valid():
        if same_minute(entry.published_at, form.cleaned_data["time"], zone):  # the form has no seconds
            return Redirect(back, _("Nothing was changed."), messages.INFO)
        if done := _set_time(form, entry, request):
            return Redirect(back, _("Time set: %s") % done.title)
    context = {"preview": entry_preview(entry), "event": entry.event, "back": back}
    return PageResponse("entry/time.html", _("Set time"), context, form)


def _undone_time(request: HttpRequest) -> datetime | None:
    """Return the earlier time that an Undo sends as “?at=”, within the years that time zones can handle."""
    try:
        moment = parse_datetime(request.GET.get("at", ""))
    except ValueError:  # such as 31 February
        return None
    return moment if moment and moment.tzinfo and moment.year in YEARS else None


def _set_time(form: TimeForm, entry: Entry, request: HttpRequest) -> Entry | None:
    try:
        done = publishing.set_time(entry.pk, form.cleaned_data["time"], user_of(request))
    except (Refused, ValidationError) as error:
        form.add_error(None if isinstance(error, Refused) else "time", str(error))
        return None
    remember(request, done, undo_by_time(done, entry.published_at))
    return done
