"""Times in templates, in the language and time zone of the event that is being drawn.

The ``…_tag`` filters give a ``<time>`` element, so that a whole sentence with its time can be translated.
"""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from updates.rendering import dates

register = template.Library()

for _filter in (
    dates.clock,
    dates.day,
    dates.full_day,
    dates.in_full,
    dates.is_today,
    dates.iso_day,
    dates.iso_local,
    dates.iso_utc,
    dates.moment,
    dates.rfc_822,
    dates.same_day,
    dates.weekday,
    dates.zone,
):
    register.filter(_filter.__name__, _filter)


def _time(value: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', dates.iso_local(value), words)


@register.filter
def clock_tag(value: datetime) -> SafeString:
    """14:34"""
    return _time(value, dates.clock(value))


@register.filter
def clock_zone_tag(value: datetime) -> SafeString:
    """14:34 CET"""
    return _time(value, f"{dates.clock(value)} {dates.zone(value)}")


@register.filter
def moment_tag(value: datetime, beside: datetime) -> SafeString:
    """14:34, or 14 March, 09:10; lists of times give the longer form a line of its own."""
    words = dates.moment(value, beside)
    if dates.same_day(value, beside):
        return _time(value, words)
    return format_html('<time datetime="{}" class="dated">{}</time>', dates.iso_local(value), words)


@register.filter
def short_date_tag(value: datetime) -> SafeString:
    """13 March 2031"""
    return _time(value, dates.short_date(value))
