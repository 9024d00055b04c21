"""The time that readers see on an entry, set on the event's own clock. Its place in the order is another matter."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import OperationAdmin, explained
from updates.admin.fields import YEARS, WallClockField, on_the_clock, same_minute
from updates.admin.json_responses import answers_scripts
from updates.models import Entry
from updates.permissions import check_may_edit
from updates.publishing import Refused
from updates.types import user_of
from updates.zones import zone_named

from .last_action import remember, way_to_time
from .moderation import way_back
from .preview_data import shown


class TimeForm(forms.Form):
    time = WallClockField(
        label=gettext_lazy("Time that readers see"),
        help_text=gettext_lazy("On the live blog’s own clock. The update stays where it stands; “Move” moves it."),
        later=False,
    )


class EntryTime(OperationAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.time_view)
        return [path("<int:pk>/time/", view, name="updates_entry_time"), *super().get_urls()]

    @answers_scripts
    @explained
    def time_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        entry = self.get_queryset(request).select_related("event").filter(pk=pk).first()
        if entry is None:
            raise Http404
        check_may_edit(user_of(request), entry)
        zone = entry.event.time_zone
        sent = request.POST if request.method == "POST" else None
        form = TimeForm(sent, initial={"time": on_the_clock(_asked(request) or entry.published_at, zone)})
        form.fields["time"].zone = zone_named(zone)  # type: ignore[attr-defined]
        if form.is_valid() and _set(form, entry, form.cleaned_data["time"], request):
            return HttpResponseRedirect(way_back(request, entry))
        context = {"form": form, "shown": shown(entry), "event": entry.event, "back": way_back(request, entry)}
        return self.page(request, "entry/time.html", _("Set time"), **context)


def _asked(request: HttpRequest) -> datetime | None:
    """“?at=” is the time before, for whoever takes another one back; at the ends of the calendar zones have no room."""
    try:
        moment = parse_datetime(request.GET.get("at", ""))
    except ValueError:  # the form of a time, and none there is
        return None
    return moment if moment and moment.tzinfo and moment.year in YEARS else None


def _set(form: TimeForm, entry: Entry, time: datetime, request: HttpRequest) -> bool:
    """Seconds are not in the form: the minute it shows already leaves the time as it is."""
    ours = entry.published_at
    if same_minute(ours, time, entry.event.time_zone):
        messages.info(request, _("Nothing was changed."))
        return True
    try:
        done = publishing.set_time(entry.pk, time, user_of(request))
    except (Refused, ValidationError) as error:
        form.add_error(None if isinstance(error, Refused) else "time", str(error))
        return False
    remember(request, done, way_to_time(done, ours))
    messages.success(request, _("Time set: %s") % done.title)
    return True
