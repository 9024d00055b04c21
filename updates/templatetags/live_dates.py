"""Times in templates, in the language and time zone of the event that is being drawn."""

from django import template

from ..rendering import dates

register = template.Library()

for _say in (
    dates.clock,
    dates.day,
    dates.full_day,
    dates.in_full,
    dates.iso_local,
    dates.iso_utc,
    dates.moment,
    dates.same_day,
    dates.short_date,
    dates.weekday,
    dates.zone,
):
    register.filter(_say.__name__, _say)
