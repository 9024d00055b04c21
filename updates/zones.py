"""Time zones by name."""

import logging
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.conf import settings

logger = logging.getLogger(__name__)


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all time zones that this host knows. Python reads hundreds of files for them each time."""
    return frozenset(available_timezones())


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """Return a zone; the site's, with a warning in the log, if this host does not know it: hosts differ in old ones."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        logger.warning("No time zone “%s” on this host: times are shown in %s", name, settings.TIME_ZONE)
        return ZoneInfo(settings.TIME_ZONE)
