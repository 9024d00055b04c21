"""A sentence about the last change of an entry, for a user whose own action came too late."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from updates.choices import ChangeKind
from updates.models import Change, Entry, display_name
from updates.types import Actor
from updates.zones import zone_named

SENTENCES: dict[str, Promise] = {
    ChangeKind.DRAFT: gettext_lazy("%(who)s saved it at %(time)s."),
    ChangeKind.SUBMIT: gettext_lazy("%(who)s submitted it at %(time)s."),
    ChangeKind.WITHDRAW: gettext_lazy("%(who)s withdrew it at %(time)s."),
    ChangeKind.SEND_BACK: gettext_lazy("%(who)s sent it back at %(time)s."),
    ChangeKind.SCHEDULE: gettext_lazy("%(who)s scheduled it at %(time)s."),
    ChangeKind.UNSCHEDULE: gettext_lazy("%(who)s unscheduled it at %(time)s."),
    ChangeKind.DISCARD: gettext_lazy("%(who)s discarded it at %(time)s."),
    ChangeKind.PUBLISH: gettext_lazy("%(who)s published it at %(time)s."),
    ChangeKind.EDIT: gettext_lazy("%(who)s edited it at %(time)s."),
    ChangeKind.CORRECT: gettext_lazy("%(who)s corrected it at %(time)s."),
    ChangeKind.CLARIFY: gettext_lazy("%(who)s clarified it at %(time)s."),
    ChangeKind.REVERT: gettext_lazy("%(who)s brought back an earlier version at %(time)s."),
    ChangeKind.TIME: gettext_lazy("%(who)s set its time at %(time)s."),
    ChangeKind.PIN: gettext_lazy("%(who)s pinned it at %(time)s."),
    ChangeKind.UNPIN: gettext_lazy("%(who)s unpinned it at %(time)s."),
    ChangeKind.KEY: gettext_lazy("%(who)s marked it as key event at %(time)s."),
    ChangeKind.UNKEY: gettext_lazy("%(who)s unmarked it as key event at %(time)s."),
    ChangeKind.MOVE: gettext_lazy("%(who)s moved it at %(time)s."),
    ChangeKind.REMOVE: gettext_lazy("%(who)s removed it at %(time)s."),
    ChangeKind.RESTORE: gettext_lazy("%(who)s restored it at %(time)s."),
    ChangeKind.EXPIRE: gettext_lazy("Its photo expired at %(time)s."),
    ChangeKind.ERASE: gettext_lazy("%(who)s erased it at %(time)s."),
}


def last_change_sentence(entry: Entry, *kinds: str) -> str:
    """Say who made the newest change of an entry, or the newest of these kinds, and when. Empty if there is none."""
    changes = entry.changes.select_related("actor").order_by("-desk_seq")
    if not entry.is_unpublished:
        changes = changes.filter(seq__isnull=False)  # submitted changes are not published yet
    last = changes.filter(kind__in=kinds or SENTENCES).first()
    return _sentence(last, entry) if last else ""


def _sentence(change: Change, entry: Entry) -> str:
    here = zone_named(entry.event.time_zone)
    at = timezone.localtime(change.at, here)
    is_today = at.date() == timezone.localdate(timezone=here)
    day = date_format(at, pgettext("format of day, short month and year", "j M Y"))
    time = f"{at:%H:%M}" if is_today else f"{day}, {at:%H:%M}"
    return str(SENTENCES[change.kind]) % {"who": actor_name(change.actor), "time": time}


def actor_name(actor: Actor) -> str:
    return display_name(actor) or _("The server")
