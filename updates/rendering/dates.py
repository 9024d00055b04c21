"""Times in the words of the language and in the time zone that are active; see ``language.py``.

All of them are absolute: “2 min ago” is the script's matter, since a cached page would go on saying it.
"""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def clock(value: datetime) -> str:
    """14:34"""
    return date_format(timezone.localtime(value), "H:i")


def day(value: datetime) -> str:
    """13 March, and with its year where that is not the current one."""
    if value.year != this_year():
        return short_date(value)
    return date_format(timezone.localtime(value), pgettext("format of day and month", "j F"))


def weekday(value: datetime) -> str:
    """Thursday 13 March, and with its year where that is not the current one."""
    if value.year != this_year():
        return full_day(value)
    return date_format(timezone.localtime(value), pgettext("format of weekday, day and month", "l j F"))


def full_day(value: datetime) -> str:
    """Thursday 13 March 2031"""
    return date_format(timezone.localtime(value), pgettext("format of weekday, day, month and year", "l j F Y"))


def short_date(value: datetime) -> str:
    """13 March 2031"""
    return date_format(timezone.localtime(value), pgettext("format of day, month and year", "j F Y"))


def this_year() -> int:
    return timezone.now().year


def zone(value: datetime) -> str:
    """CET; where a zone has no letters of its own, its distance: UTC+03"""
    name = timezone.localtime(value).tzname() or ""
    return name if name[:1].isalpha() else f"UTC{name}"


def in_full(value: datetime) -> str:
    """Thursday 13 March 2031, 14:34 CET"""
    return _("%(day)s, %(time)s") % {"day": full_day(value), "time": f"{clock(value)} {zone(value)}"}


def moment(value: datetime, beside: datetime | None = None) -> str:
    """14:34, and with its day where that is another one than ``beside``'s: 14 March, 09:10"""
    if beside is None or same_day(value, beside):
        return clock(value)
    return _("%(day)s, %(time)s") % {"day": day(value), "time": clock(value)}


def same_day(one: datetime, other: datetime) -> bool:
    return timezone.localdate(one) == timezone.localdate(other)


def is_today(value: datetime) -> bool:
    return same_day(value, timezone.now())


def iso_local(value: datetime) -> str:
    """With the zone's offset, for ``<time datetime>``."""
    return timezone.localtime(value).isoformat(timespec="seconds")


def iso_day(value: datetime) -> str:
    """2031-03-13"""
    return timezone.localdate(value).isoformat()


def iso_utc(value: datetime) -> str:
    """For scripts and the wire."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
