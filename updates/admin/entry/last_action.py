"""After something was done to an entry: how many open pages have it, and the way back.

What was done last stands in the session, so that the line is there on every page of the desk, also when it is loaded
again; rows of the list stay free of it.
"""

import time
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.formats import number_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from updates.admin.base import OperationAdmin, explained
from updates.admin.row_actions.published import ACTIONS
from updates.choices import ChangeKind
from updates.models import Entry, Event
from updates.permissions import check_may_see_desk, may_see_desk
from updates.queries.receipts import Receipts, receipts_of
from updates.types import user_of

SHOWN_FOR = 120.0
"""Seconds; what is older is nobody's last step any more."""

ALL = 100

_KEPT_AS = "just_done"

BACKWARDS = {
    "pin": "unpin", "unpin": "pin", "key": "unkey", "unkey": "key", "up": "down", "down": "up", "remove": "restore",
    "restore": "remove",
}  # fmt: skip


class Delivery(OperationAdmin):
    """The figures of one change, as JSON for the desk's scripts."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.delivered_view)
        own = path("delivered/<int:event_pk>/<int:seq>/", view, name="updates_entry_delivered")
        return [own, *super().get_urls()]

    @explained
    def delivered_view(self, request: HttpRequest, event_pk: int, seq: int) -> HttpResponse:
        """``{"sent", "seconds", "asked", "confirmed", "share", "settled", "words"}``"""
        event = Event.objects.filter(pk=event_pk).first()
        if event is None:
            raise Http404
        check_may_see_desk(user_of(request), event)
        found = receipts_of(event_pk, seq)
        if found is None:
            raise Http404
        return JsonResponse(
            {
                "sent": found.sent,
                "seconds": found.seconds,
                "asked": found.asked,
                "confirmed": found.confirmed,
                "share": found.share,
                "settled": found.is_settled,
                "words": in_words(found),
            }
        )


def in_words(found: Receipts) -> str:
    if found.kind == ChangeKind.REMOVE:
        rest = _("hidden and polling pages drop it when they return")
    else:
        rest = _("hidden and polling pages get it when they return")
    if not found.sent:
        here = _("No open page had it") if found.is_settled else _("Open pages are being counted")
        return _("%(here)s; %(rest)s.") % {"here": here, "rest": rest}
    sent = ngettext(
        "Sent to %(number)s open page in %(seconds)s s", "Sent to %(number)s open pages in %(seconds)s s", found.sent
    )
    said = {
        "number": number_format(found.sent, force_grouping=True),
        "seconds": number_format(max(0.1, found.seconds or 0), 1),
    }
    words = {"sent": sent % said, "confirmed": _confirmed(found), "rest": rest}
    return _("%(sent)s, %(confirmed)s; %(rest)s.") % words


def _confirmed(found: Receipts) -> str:
    """“About” wherever only some were asked."""
    share = {"share": found.share}
    if found.share is None or (found.share < ALL and not found.is_settled):
        return _("a sample of them is being asked")
    return (_("about %(share)s %% confirmed") if found.asked < found.sent else _("%(share)s %% confirmed")) % share


def remember(request: HttpRequest, entry: Entry, undo: dict[str, Any] | None = None) -> None:
    """An operation has changed what readers see of an entry."""
    request.session[_KEPT_AS] = {"entry": entry.pk, "seq": entry.seq, "undo": undo, "at": time.time()}


def way_to_undo(name: str, entry: Entry) -> dict[str, Any] | None:
    """The operation that takes one back, to be asked before that is done; ``None`` where there is none.

    A pin takes the place of another one, which gets it back. What was pinned when it was removed is pinned again.
    """
    if name not in BACKWARDS:
        return None
    if name == "pin" and (other := Entry.objects.filter(event=entry.event_id, is_pinned=True).first()):
        return {"action": "pin", "entry": other.pk, "pinned": False}
    return {"action": BACKWARDS[name], "entry": entry.pk, "pinned": entry.is_pinned}


def way_to_earlier(entry: Entry) -> dict[str, Any] | None:
    """Other words are taken back on the page of the version before, which asks what readers should be told."""
    numbered = entry.changes.filter(seq__isnull=False).order_by("-desk_seq")
    before = numbered.exclude(seq=entry.seq).values_list("desk_seq", flat=True).first()
    return {"version": before, "entry": entry.pk} if before else None


def way_to_time(entry: Entry, was: datetime | None) -> dict[str, Any] | None:
    """Another time is taken back on the page that sets it, filled in with the time before."""
    return {"time": was.isoformat(), "entry": entry.pk} if was else None


def last_step(request: HttpRequest) -> dict[str, Any]:
    """Template context: ``just_done``, looked up where a page shows it."""
    return {"just_done": SimpleLazyObject(lambda: just_done(request))}


def just_done(request: HttpRequest) -> dict[str, Any] | None:
    """What the line says of somebody's last step; nothing where it is long ago, or another step has come upon it."""
    kept = request.session.get(_KEPT_AS) if request.user.is_authenticated else None
    if not kept or time.time() - kept["at"] > SHOWN_FOR:
        return None
    entry = Entry.objects.select_related("event").filter(pk=kept["entry"]).first()
    if entry is None or not may_see_desk(user_of(request), entry.event):
        return None
    figures = receipts_of(entry.event_id, kept["seq"])
    undo = kept["undo"] if entry.seq == kept["seq"] else None
    return {
        "title": entry.title,
        "words": in_words(figures) if figures else "",
        "address": reverse("admin:updates_entry_delivered", args=[entry.event_id, kept["seq"]]),
        "settled": figures is None or figures.is_settled,
        "undo": _address(undo) if undo else "",
        "asks": bool(undo and _asks(undo)),
        "pinned": bool(undo and undo.get("pinned")),
        "back": request.get_full_path(),
    }


def _asks(undo: dict[str, Any]) -> bool:
    """Whether the way back leads over a page that asks for more."""
    return "action" not in undo or ACTIONS[undo["action"]].asks


def _address(undo: dict[str, Any]) -> str:
    if "time" in undo:
        return f"{reverse('admin:updates_entry_time', args=[undo['entry']])}?{urlencode({'at': undo['time']})}"
    if "version" in undo:
        return reverse("admin:updates_entry_version", args=[undo["entry"], undo["version"]])
    return reverse(f"admin:updates_entry_{ACTIONS[undo['action']].name}", args=[undo["entry"]])
