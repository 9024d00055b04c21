"""WebSub: tells a hub which feeds have changed, so that it sends them to subscribers at once.

Without ``WEBSUB_HUB`` nothing is called, and feeds name no hub. With it, every change that readers see of a listed
event is followed, after its commit, by one POST for each feed, ``hub.mode=publish&hub.url=<the feed>``.
"""

import logging
from http.client import HTTPException
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings

from .repeated_calls import DEADLINE, RepeatedCalls

logger = logging.getLogger(__name__)

FORMS = ("atom", "rss", "json")

DELAY = 4.0
"""Seconds after a change: shared caches keep a feed for three, and the hub should not fetch an old copy."""

INTERVAL = 10.0
"""Seconds between two calls about the same feed."""


def ping(slug: str) -> None:
    """Tell the hub, if there is one, that feeds of an event and of the site have changed. Call it after the commit."""
    if settings.WEBSUB_HUB:
        site = settings.SITE_URL + settings.URL_PREFIX
        pings.add(f"{site}{place}feed.{form}" for place in (f"/{slug}/", "/") for form in FORMS)


def hub_of_feed(*, is_listed: bool, keys_only: bool) -> str:
    """Return the hub that a feed names, empty for none: only feeds with all updates of listed events are announced."""
    return str(settings.WEBSUB_HUB) if is_listed and not keys_only else ""


def health() -> str:
    if not settings.WEBSUB_HUB:
        return "off"
    return "failing: subscribers fetch by themselves, later" if pings.is_failing else "ok"


def _call(topics: list[str]) -> bool:
    return all(_publish(topic) for topic in topics)


def _publish(topic: str) -> bool:
    body = urlencode({"hub.mode": "publish", "hub.url": topic}).encode()
    request = Request(settings.WEBSUB_HUB, body, method="POST")  # noqa: S310 – the operator's own address
    try:
        with urlopen(request, timeout=DEADLINE) as response:  # noqa: S310 – as above  # nosec B310
            response.read()
    except (OSError, ValueError, HTTPException) as error:  # no connection, a refusal, or no HTTP
        logger.warning("The call to the hub %s for %s failed and is repeated: %s", settings.WEBSUB_HUB, topic, error)
        return False
    return True


pings = RepeatedCalls("websub", _call, at_once=1, delay=DELAY, interval=INTERVAL)
