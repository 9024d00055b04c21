"""Over how many seconds readers should come back that were cut off together."""

from django.conf import settings

RETURNS_PER_SECOND = 50
"""Readers that come back to a process in a second after it lost them all: 1,000 take 20 s."""

MAX_SPREAD = 60.0


def spread_for(readers: int, returns_per_second: int = RETURNS_PER_SECOND) -> float:
    return round(min(max(settings.BACKOFF_BASE, readers / returns_per_second), MAX_SPREAD), 1)
