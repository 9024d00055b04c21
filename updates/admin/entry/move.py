"""Moving an update over many places in one operation. Its time stays."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import visible_entry
from updates.admin.desk.filters import number
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.admin.row_actions.views import back_address
from updates.models import Entry
from updates.models.entry import EntryQuerySet
from updates.permissions import check_may_moderate
from updates.publishing import Refused
from updates.publishing.ordering import EDGES, Edge
from updates.rendering import dates
from updates.types import user_of
from updates.zones import zone_named

from .last_action import remember
from .preview_data import entry_preview

NEAR = 50
"""Updates above and below it that the page offers. Scripts may send any."""


class MoveForm(forms.Form):
    above = forms.CharField(label=gettext_lazy("New place"), widget=forms.Select)

    def __init__(self, entry: Entry, data: QueryDict | None) -> None:
        super().__init__(data)
        self.fields["above"].widget.choices = partial(_places, entry)  # read only if the page is drawn

    def clean_above(self) -> int | Edge:
        sent = self.cleaned_data["above"]
        if edge := EDGES.get(sent):
            return edge
        pk = number(sent)
        if pk is None:
            raise ValidationError(_("Choose a place from the list."))
        return pk


def move_view(request: HttpRequest, pk: int) -> Answer:
    entry = visible_entry(request, pk)
    check_may_moderate(user_of(request), entry.event)
    back = back_address(request, entry)
    form = MoveForm(entry, request.POST if request.method == "POST" else None)
    if form.is_valid():
        before = _place_of(entry)
        try:
            done = publishing.move(pk, user_of(request), above=form.cleaned_data["above"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            if not done.was_changed:
                return Redirect(back, _("Nothing was changed."), messages.INFO)
            remember(request, done, {"action": "move", "entry": pk, "above": before})
            return Redirect(back, _("Moved: %s") % done.title)
    context = {"preview": entry_preview(entry), "event": entry.event, "back": back}
    return PageResponse("entry/move.html", _("Move update"), context, form)


def _place_of(entry: Entry) -> int | Edge:
    """Return what is directly below an entry, to move it back above that."""
    below = _others(entry).filter(order__lt=entry.order or 0).newest_first().first()
    return below.pk if below else "bottom"


def _others(entry: Entry) -> EntryQuerySet:
    return Entry.objects.known_to_readers().filter(event=entry.event_id).exclude(pk=entry.pk)


def _places(entry: Entry) -> list[tuple[str, str]]:
    """Return the places near an entry, from the top, and both ends."""
    order = entry.order or 0
    others = _others(entry).published()
    higher = list(others.filter(order__gt=order).order_by("order")[:NEAR])[::-1]
    lower = list(others.filter(order__lt=order).newest_first()[1:NEAR])  # above the first of them it is now
    with timezone.override(zone_named(entry.event.time_zone)):
        near = [(str(other.pk), _("Above: %(title)s") % {"title": _name(other)}) for other in (*higher, *lower)]
    return [("top", _("At the top")), *near, ("bottom", _("At the bottom"))]


def _name(entry: Entry) -> str:
    return f"{dates.clock(entry.published_at)} {entry.title}" if entry.published_at else entry.title
