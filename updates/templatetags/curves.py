"""The curve of a live blog's readers as SVG."""

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from updates.queries.audience import Audience
from updates.rendering import dates

register = template.Library()


@register.simple_tag
def curve(audience: Audience, width: int, height: int) -> SafeString:
    """Draw the numbers of readers from left to right, in every language: it is a time line of figures."""
    line = " ".join(f"{x:g},{y:g}" for x, y in _places(audience.points, width, height))
    return format_html(
        '<svg class="readers" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<polygon points="0,{} {} {},{}"/><polyline points="{}"/></svg>',
        width, height, _described(audience), height, line, width, height, line,
    )  # fmt: skip


@register.filter
def grouped(number: int) -> str:
    """Return “3,188”."""
    return number_format(number, force_grouping=True)


def _places(points: tuple[int, ...], width: int, height: int) -> list[tuple[float, float]]:
    highest, last = max(points, default=0) or 1, max(1, len(points) - 1)
    values = points if len(points) > 1 else points * 2
    return [
        (round(place * width / last, 1), round(height - 1 - value / highest * (height - 2), 1))
        for place, value in enumerate(values)
    ]


def _described(audience: Audience) -> str:
    if not audience.peak_at:
        return _("No reader has been counted yet")
    values = {
        "since": dates.moment(audience.since, audience.until),
        "peak": number_format(audience.peak, force_grouping=True),
        "at": dates.moment(audience.peak_at, audience.until),
    }
    return _("Readers since %(since)s; most at %(at)s: %(peak)s") % values
