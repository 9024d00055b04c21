"""Advertisement slots.

``AD_TEMPLATE`` names the template that fills a slot; it gets the ``event`` and has 300 × 250 px. The default draws
a made-up house advertisement, so that the slots can be seen; a newsroom names its own, or leaves the setting empty:
then there is neither slot nor label. What fills a slot must not take the keyboard's focus, since a slot is hidden
from assistive technology, and third-party scripts need their origin in ``liveblog/security.py``.
"""

from django.conf import settings
from django.utils.safestring import SafeString

from updates.models import Event

from .drawing import drawn

FIRST = 2
EVERY = 4
MOST = 8


def ad_slot(event: Event) -> SafeString:
    """One slot, or nothing where the event has none."""
    if not event.has_ad_slots or not settings.AD_TEMPLATE:
        return SafeString("")
    return drawn("updates/_ad.html", {"event": event, "filler": settings.AD_TEMPLATE})


def places(entries: int) -> set[int]:
    """After which entries of a page, counted from one: the 2nd and every 4th from there, never the last."""
    return set(list(range(FIRST, entries, EVERY))[:MOST])
