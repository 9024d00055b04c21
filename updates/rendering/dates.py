"""Formats times in the active language and time zone; see ``language.py``.

All are absolute. Scripts add “2 min ago”, because a cached page would repeat it.
"""

from datetime import UTC, datetime
from email.utils import format_datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def clock(value: datetime) -> str:
    """Return “14:34”."""
    return date_format(timezone.localtime(value), "H:i")


def day(value: datetime) -> str:
    """Return “13 March”, with the year if it is not the current one."""
    if timezone.localtime(value).year != this_year():
        return short_date(value)
    return date_format(timezone.localtime(value), pgettext("format of day and month", "j F"))


def short_day(value: datetime) -> str:
    """Return “13 Mar”, with the year if it is not the current one."""
    here = timezone.localtime(value)
    if here.year == timezone.localtime().year:
        return date_format(here, pgettext("format of day and short month", "j M"))
    return short_day_of_year(here)


def short_day_of_year(value: datetime) -> str:
    """Return “13 Mar 2031”."""
    return date_format(timezone.localtime(value), pgettext("format of day, short month and year", "j M Y"))


def to_the_second(value: datetime) -> str:
    """Return “13 Mar 2031, 14:34:05”."""
    time = date_format(timezone.localtime(value), "H:i:s")
    return _("%(day)s, %(time)s") % {"day": short_day_of_year(value), "time": time}


def with_zone(value: datetime) -> str:
    """Return “13 Mar 2031, 14:34 CET”."""
    return _("%(day)s, %(time)s") % {"day": short_day_of_year(value), "time": f"{clock(value)} {zone(value)}"}


def weekday(value: datetime) -> str:
    """Return “Thursday 13 March”, with the year if it is not the current one."""
    if timezone.localtime(value).year != this_year():
        return full_day(value)
    return date_format(timezone.localtime(value), pgettext("format of weekday, day and month", "l j F"))


def full_day(value: datetime) -> str:
    """Return “Thursday 13 March 2031”."""
    return date_format(timezone.localtime(value), pgettext("format of weekday, day, month and year", "l j F Y"))


def short_date(value: datetime) -> str:
    """Return “13 March 2031”."""
    return date_format(timezone.localtime(value), pgettext("format of day, month and year", "j F Y"))


def this_year() -> int:
    return timezone.localtime().year


def zone(value: datetime) -> str:
    """Return “CET”, or “UTC+03” for a zone without an abbreviation."""
    name = timezone.localtime(value).tzname() or ""
    return name if name[:1].isalpha() else f"UTC{name}"


def in_full(value: datetime) -> str:
    """Return “Thursday 13 March 2031, 14:34 CET”."""
    return _("%(day)s, %(time)s") % {"day": full_day(value), "time": f"{clock(value)} {zone(value)}"}


def moment(value: datetime, beside: datetime | None = None) -> str:
    """Return “14:34”, or “14 March, 09:10” if the day differs from that of ``beside``."""
    if beside is None or same_day(value, beside):
        return clock(value)
    return _("%(day)s, %(time)s") % {"day": day(value), "time": clock(value)}


def same_day(one: datetime, other: datetime) -> bool:
    return timezone.localdate(one) == timezone.localdate(other)


def is_today(value: datetime) -> bool:
    return same_day(value, timezone.now())


def iso_local(value: datetime) -> str:
    """Return the time with the zone's offset, for ``<time datetime>``."""
    return timezone.localtime(value).isoformat(timespec="seconds")


def iso_day(value: datetime) -> str:
    """Return “2031-03-13”."""
    return timezone.localdate(value).isoformat()


def iso_utc(value: datetime) -> str:
    """Return the time in UTC, for scripts and frames."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def rfc_822(value: datetime) -> str:
    """Return “Thu, 13 Mar 2031 14:34:00 +0000”, the form of dates in RSS."""
    return format_datetime(value.astimezone(UTC))
