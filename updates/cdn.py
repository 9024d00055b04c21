"""CDN purges: each response carries surrogate keys, and one call names those that are stale.

Without ``PURGE_URL`` nothing is called: what shared caches may keep lives for three seconds. With it, every operation
that changes or takes away something published is followed, after its commit, by::

    POST <PURGE_URL>
    <PURGE_HEADERS>
    Surrogate-Key: event-storm-maren lists picture-0f3a…
    Content-Type: application/json

    {"<PURGE_FIELD>": ["event-storm-maren", "lists", "picture-0f3a…"]}

``repeated_calls`` makes the call in a thread of its own and repeats it until it succeeds.
"""

import json
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from http.client import HTTPException
from pathlib import PurePosixPath
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils import timezone

from .repeated_calls import DEADLINE, RepeatedCalls

logger = logging.getLogger(__name__)

MAX_KEYS = 30
"""Of one call; every CDN takes as many."""

LISTS = "lists"
"""Key of every page that lists events or entries of several: front page, archive and corrections.

Naming all that is listed would make a header longer than a proxy accepts (nginx: 4 kB in all).
"""


def event_key(slug: str) -> str:
    """Return the key of every response about an event and its entries."""
    return f"event-{slug}"


def entry_key(public_id: str) -> str:
    """Return the key of an entry's own page, which also has its event's."""
    return f"entry-{public_id}"


def picture_key(name: str) -> str:
    """Return the key of a picture's public file, from its path or its name."""
    return f"picture-{PurePosixPath(name).stem}"


def purge(keys: Iterable[str]) -> None:
    """Tell the CDN, if there is one, which keys are stale. Call it after the commit."""
    if settings.PURGE_URL:
        purges.add(keys)


def health() -> str:
    if not settings.PURGE_URL:
        return "off"
    return "failing: shared caches forget by themselves, later" if purges.is_failing else "ok"


def _call(keys: list[str]) -> bool:
    called_at = timezone.now()
    body = json.dumps({settings.PURGE_FIELD: keys}).encode()
    headers = {"Content-Type": "application/json", "Surrogate-Key": " ".join(keys)} | settings.PURGE_HEADERS
    request = Request(settings.PURGE_URL, body, headers, method="POST")  # noqa: S310 – the operator's own address
    try:
        with urlopen(request, timeout=DEADLINE) as response:  # noqa: S310 – as above  # nosec B310
            response.read()
    except (OSError, ValueError, HTTPException) as error:  # no connection, a refusal, or no HTTP
        logger.warning(
            "The purge call to %s for %s failed and is repeated: %s", settings.PURGE_URL, " ".join(keys), error
        )
        return False
    for callback in after_success:
        callback(keys, called_at)
    return True


after_success: list[Callable[[list[str], datetime], None]] = []
"""Called in the thread of the calls with the keys, and the time when the call began."""

purges = RepeatedCalls("purge", _call, at_once=MAX_KEYS)
