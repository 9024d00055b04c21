"""Places for advertisements. ``AD_TEMPLATE`` names the template that fills one; it gets the ``event`` and a nonce.

The default is a made-up house advertisement, so that the places can be seen. A newsroom names its own template, fills
the places by a script that listens to ``liveblog:slot``, or sets an empty name to have neither places nor labels:
docs/site.md.
"""

import json

from django.conf import settings
from django.utils.safestring import SafeString

from updates.models import Event

from .drawing import draw
from .page_frame import NONCE

FIRST = 2
EVERY = 4


def ad_slots(event: Event, view: str, entries: int) -> dict[int, SafeString]:
    """Return the HTML of each place by the position of the entry that it follows; none without advertisements."""
    if not has_ads(event):
        return {}
    return {place: _slot(event, view, number) for number, place in enumerate(places(entries), start=1)}


def later_slot(event: Event, view: str) -> SafeString:
    """Return a place for updates that arrive later, which the page numbers; empty without advertisements."""
    return _slot(event, view, None) if has_ads(event) else SafeString("")


def has_ads(event: Event) -> bool:
    return bool(event.has_ad_slots and settings.AD_TEMPLATE and settings.AD_SLOTS_AT_MOST)


def places(entries: int) -> list[int]:
    """Return the positions of entries, counted from one, that a place follows: the 2nd and every 4th from there, except
    the last.
    """
    return list(range(FIRST, entries, EVERY))[: settings.AD_SLOTS_AT_MOST]


def size_of(number: int | None) -> str:
    """Return the size class of a place; the last one that is set is for all that follow."""
    sizes = settings.AD_SIZES
    return str(sizes[min(number or len(sizes), len(sizes)) - 1])


def _slot(event: Event, view: str, number: int | None) -> SafeString:
    context = {
        "event": event,
        "filler": settings.AD_TEMPLATE,
        "number": number or "",
        "view": view,
        "size": size_of(number),
        "targeting": json.dumps(targeting(event), ensure_ascii=False, sort_keys=True),
        "csp_nonce": NONCE,
    }
    return draw("updates/_ad.html", context)


def targeting(event: Event) -> dict[str, str]:
    """Return the key-values of a place: those of the site, and what the event is."""
    return settings.AD_TARGETING | {"event": event.slug, "language": event.language, "status": event.status}
