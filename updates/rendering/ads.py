"""Advertisement slots. ``AD_TEMPLATE`` names the template of a slot; it gets the ``event`` and has 300 × 250 px.

The default is a made-up house advertisement, so that the slots can be seen. A newsroom names its own template, or sets
an empty one to have neither slots nor labels. The template must not contain anything focusable, because slots are
hidden from assistive technology. Third-party scripts need their origin in ``liveblog/security.py``.
"""

from django.conf import settings
from django.utils.safestring import SafeString

from updates.models import Event

from .drawing import draw

FIRST = 2
EVERY = 4
MOST = 8


def ad_slot(event: Event) -> SafeString:
    """Return the HTML of a slot; empty if the event has no advertisements."""
    if not event.has_ad_slots or not settings.AD_TEMPLATE:
        return SafeString("")
    return draw("updates/_ad.html", {"event": event, "filler": settings.AD_TEMPLATE})


def places(entries: int) -> set[int]:
    """Return the positions of entries, counted from one, that a slot follows: the 2nd and every 4th from there, except
    the last.
    """
    return set(list(range(FIRST, entries, EVERY))[:MOST])
