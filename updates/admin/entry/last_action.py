"""The last action on an entry: how many open pages have received it, and how to undo it.

It is stored in the session, so that every page of the desk shows it, also when loaded again.
"""

import time
from datetime import datetime
from typing import NotRequired, TypedDict
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from updates.admin.base import assigned_event
from updates.admin.row_actions.published import ACTIONS
from updates.choices import ChangeKind
from updates.models import Entry
from updates.permissions import may_see_desk
from updates.queries.receipts import Receipts, pace_of, receipts_of
from updates.types import user_of

SHOWN_FOR = 120.0
"""Seconds for which the last action is shown with its Undo."""

ALL = 100  # per cent

_SESSION_KEY = "last_action"

UNDOES = {
    "approve": "remove", "publish_now": "remove",
    "pin": "unpin", "unpin": "pin", "key": "unkey", "unkey": "key", "up": "down", "down": "up", "remove": "restore",
    "restore": "remove",
}  # fmt: skip


def delivered_view(request: HttpRequest, event_pk: int, seq: int) -> JsonResponse:
    """Return the delivery of one change for scripts.

    ``{"sent", "seconds", "requested", "confirmed", "share", "settled", "words"}``
    """
    assigned_event(request, event_pk)
    stats = receipts_of(event_pk, seq)
    if stats is None:
        raise Http404
    return JsonResponse(
        {
            "sent": stats.sent,
            "seconds": stats.seconds,
            "requested": stats.requested,
            "confirmed": stats.confirmed,
            "share": stats.share,
            "settled": stats.is_settled,
            "words": in_words(stats),
        }
    )


def in_words(stats: Receipts) -> str:
    if stats.kind == ChangeKind.REMOVE:
        rest = _("other pages remove it when they reconnect")
    else:
        rest = _("other pages get it when they reconnect")
    if stats.sent and not stats.requested:  # sent by nginx, which cannot ask a sample for receipts
        sent = _sent(stats)
        return sent if stats.kind == ChangeKind.PUBLISH else _("%(here)s; %(rest)s.") % {"here": sent, "rest": rest}
    if stats.kind == ChangeKind.PUBLISH and stats.sent:
        return _("%(sent)s, %(shown)s") % {"sent": _sent(stats), "shown": _pages_showing(stats)}
    if not stats.sent:
        here = _("No open page had it") if stats.is_settled else _("Open pages are being counted")
        return _("%(here)s; %(rest)s.") % {"here": here, "rest": rest}
    return _("%(sent)s, %(confirmed)s; %(rest)s.") % {
        "sent": _sent(stats),
        "confirmed": _confirmed(stats),
        "rest": rest,
    }


def in_short(stats: Receipts) -> str:
    """Return the delivery in few words, for the top of the desk; empty if no page was open."""
    if not stats.sent:
        return ""
    if stats.share is None or (not stats.confirmed and not stats.is_settled):
        return _sent(stats)
    return _("%(sent)s, %(shown)s") % {"sent": _sent(stats), "shown": _share(stats)}


def _sent(stats: Receipts) -> str:
    return ngettext(
        "Sent to %(number)s open page in %(seconds)s s", "Sent to %(number)s open pages in %(seconds)s s", stats.sent
    ) % {
        "number": number_format(stats.sent, force_grouping=True),
        "seconds": _at_least_a_tenth(stats.seconds or 0),
    }


def _at_least_a_tenth(seconds: float) -> str:
    return number_format(max(0.1, seconds), 1)


def _pages_showing(stats: Receipts) -> str:
    """Return the share of pages that show a new update. Others hold it behind their button, so this may be few."""
    if not stats.confirmed and not stats.is_settled:
        return _("checking a sample of them")
    pace, text = pace_of(stats.event_id), _share(stats)
    if pace is None:
        return text
    seconds = {"median": _at_least_a_tenth(pace.median), "slow": _at_least_a_tenth(pace.slow)}
    sentence = _("%(shown)s. Usual here: %(median)s s; 95 %% within %(slow)s s.")
    return sentence % ({"shown": text} | seconds)


def _share(stats: Receipts) -> str:
    text = _("about %(share)s %% show it") if stats.requested < stats.sent else _("%(share)s %% show it")
    return text % {"share": stats.share or 0}


def _confirmed(stats: Receipts) -> str:
    """Return the confirmed share: “about” if only a sample was asked."""
    if stats.share is None or (stats.share < ALL and not stats.is_settled):
        return _("checking a sample of them")
    text = _("about %(share)s %% confirmed") if stats.requested < stats.sent else _("%(share)s %% confirmed")
    return text % {"share": stats.share}


class Undo(TypedDict):
    """How to undo an action: another action, the form of a time, or that of an earlier version."""

    entry: int
    action: NotRequired[str]
    pinned: NotRequired[bool]
    """Whether the action also pins the entry."""
    above: NotRequired[int | str]
    """The place to which the action moves it back."""
    time: NotRequired[str]
    version: NotRequired[int]


def remember(request: HttpRequest, entry: Entry, undo: Undo | None = None, message: str = "") -> None:
    """Store an action that has changed what readers see of an entry. ``message`` stands before its title."""
    stored = {"entry": entry.pk, "seq": entry.seq, "undo": undo, "at": time.time(), "message": message}
    request.session[_SESSION_KEY] = stored


def undo_of(name: str, entry: Entry) -> Undo | None:
    """Return the action that undoes another; call it before that one is done. ``None`` if there is none.

    Undoing a pin pins the entry that was pinned before. An entry that was pinned when it was removed is pinned again.
    """
    if name not in UNDOES:
        return None
    if name == "pin" and (other := Entry.objects.filter(event=entry.event_id, is_pinned=True).first()):
        return {"action": "pin", "entry": other.pk, "pinned": False}
    return {"action": UNDOES[name], "entry": entry.pk, "pinned": entry.is_pinned}


def forget(request: HttpRequest) -> None:
    """Offer no Undo of an earlier action beside the message about one that readers do not see."""
    request.session.pop(_SESSION_KEY, None)


def undo_by_removal(entry: Entry) -> Undo:
    """Return the undo of a publication: the page that removes the update."""
    return {"action": "remove", "entry": entry.pk}


def undo_by_version(entry: Entry) -> Undo | None:
    """Return the undo of a change of content: the page of the version before, which asks for a note to readers."""
    numbered = entry.changes.filter(seq__isnull=False).order_by("-desk_seq")
    before = numbered.exclude(seq=entry.seq).values_list("desk_seq", flat=True).first()
    return {"version": before, "entry": entry.pk} if before else None


def undo_by_time(entry: Entry, before: datetime | None) -> Undo | None:
    """Return the undo of a changed time: the page that sets it, filled in with the time before."""
    return {"time": before.isoformat(), "entry": entry.pk} if before else None


def last_action_context(request: HttpRequest) -> dict[str, object]:
    """Template context processor: ``last_action``, looked up if a page shows it."""
    return {"last_action": SimpleLazyObject(lambda: last_action(request))}


def last_action(request: HttpRequest) -> dict[str, object] | None:
    """Return the last action for a page; without its undo if the entry has changed since."""
    stored = request.session.get(_SESSION_KEY) if request.user.is_authenticated else None
    if not stored or time.time() - stored["at"] > SHOWN_FOR:
        return None
    entry = Entry.objects.select_related("event").filter(pk=stored["entry"]).first()
    if entry is None or not may_see_desk(user_of(request), entry.event):
        return None
    stats = receipts_of(entry.event_id, stored["seq"])
    undo = stored["undo"] if entry.seq == stored["seq"] else None
    return {
        "title": entry.title,
        "message": stored.get("message", ""),
        "words": in_words(stats) if stats else "",
        "address": reverse("admin:updates_entry_delivered", args=[entry.event_id, stored["seq"]]),
        "settled": stats is None or stats.is_settled,
        "undo": _address(undo) if undo else "",
        "asks": bool(undo and _leads_to_form(undo)),
        "pinned": bool(undo and undo.get("pinned")),
        "above": undo.get("above", "") if undo else "",
        "back": request.get_full_path(),
    }


def _leads_to_form(undo: Undo) -> bool:
    """Return whether the undo is a page that asks for more."""
    return "above" not in undo and ("action" not in undo or ACTIONS[undo["action"]].asks)


def _address(undo: Undo) -> str:
    if "time" in undo:
        return f"{reverse('admin:updates_entry_time', args=[undo['entry']])}?{urlencode({'at': undo['time']})}"
    if "version" in undo:
        return reverse("admin:updates_entry_version", args=[undo["entry"], undo["version"]])
    return reverse(f"admin:updates_entry_{ACTIONS[undo['action']].name}", args=[undo["entry"]])
