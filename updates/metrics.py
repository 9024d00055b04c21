"""Measurements of this process for monitoring, by Prometheus's conventions.

``docs/operations.md`` lists them, ``deploy/prometheus`` has alerts and a dashboard. Counters and histograms are written
where things happen. Gauges are read off the process by samplers every ``SAMPLE_EVERY`` seconds. Where several processes
share an address (``PROMETHEUS_MULTIPROC_DIR``), any of them answers for all.
"""

import asyncio
import os
from collections.abc import Callable
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

SAMPLE_EVERY: Final = 5.0

_FAST: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Upper bounds of the histograms, in seconds."""

# Delivery
DELIVERY: Final = Histogram(
    "liveblog_delivery_seconds",
    "From the start of an operation until its frame was written to the sockets of all readers of this process",
    buckets=_FAST,
)
FRAMES: Final = Counter("liveblog_frames", "Frames with updates that were written to a reader's socket")
FRAME_CHARACTERS: Final = Counter("liveblog_frame_characters", "Characters of these frames")
CATCH_UPS: Final = Counter("liveblog_catch_ups", "Answers to catch-up requests", ["result"])
FROM_MEMORY: Final = Counter("liveblog_answers_from_memory", "Pages, feeds and catch-ups sent again without Django")
RESETS: Final = Counter(
    "liveblog_resets", "Frames that make pages load again, one for all readers of a live blog or for one", ["reason"]
)
CLOSES: Final = Counter("liveblog_socket_closes", "Readers' sockets that the server has closed", ["code"])

# Readers' tier, measured by relays
TIER_POSTS: Final = Histogram(
    "liveblog_tier_post_seconds", "From a frame's entry in the relay's queue until nginx had sent it", ["machine"],
    buckets=_FAST,
)  # fmt: skip

# Publishing
OPERATIONS: Final = Histogram(
    "liveblog_operation_seconds", "Operations that changed something, from taking the lock to the commit", ["kind"],
    buckets=_FAST,
)  # fmt: skip
SCHEDULE_LAG: Final = Histogram(
    "liveblog_schedule_lag_seconds", "By how much scheduled updates were published late", buckets=_FAST
)
SIGN_IN_FAILURES: Final = Counter("liveblog_sign_in_failures", "Sign-ins that were refused", ["reason"])


def _gauge(name: str, about: str, labels: tuple[str, ...] = ()) -> Gauge:
    return Gauge(name, about, labels, multiprocess_mode="livesum")


def _flag(name: str, about: str, labels: tuple[str, ...] = ()) -> Gauge:
    """Return a gauge that is 1 for all processes together if it is 1 for any."""
    return Gauge(name, about, labels, multiprocess_mode="livemax")


# State
READERS: Final = _gauge("liveblog_readers", "Open sockets of readers")
DESKS: Final = _gauge("liveblog_desks", "Open sockets of desks")
HUBS: Final = _gauge("liveblog_hubs", "Live blogs that somebody follows in this process")
BACKLOG: Final = _gauge("liveblog_backlog_frames", "Frames kept for readers that come back")
CALLS_WAITING: Final = _gauge("liveblog_calls_waiting", "Items that wait for a call to another machine", ("call",))
CALLS_FAILING: Final = _flag("liveblog_calls_failing", "1 while calls to another machine fail", ("call",))
TIER_READERS: Final = _gauge("liveblog_tier_readers", "Readers' sockets that an nginx of the tier holds", ("machine",))
TIER_WAITING: Final = _gauge("liveblog_tier_posts_waiting", "Frames that wait for an nginx of the tier", ("machine",))
TIER_FAILING: Final = _flag("liveblog_tier_failing", "1 while an nginx of the tier takes no frames", ("machine",))
DATABASE_GONE: Final = _flag("liveblog_database_gone", "1 while the database does not answer this process")
REDIS_GONE: Final = _flag("liveblog_redis_gone", "1 while nudges do not pass through Redis")
THREADS: Final = _gauge("liveblog_threads", "Threads of requests", ("lane", "state"))
REQUESTS_WAITING: Final = _gauge("liveblog_requests_waiting", "Requests that wait for a thread", ("lane",))

_samplers: list[Callable[[], None]] = []


def sampler(function: Callable[[], None]) -> Callable[[], None]:
    """Register a function that sets gauges. It runs on the server's loop, so it must be quick."""
    _samplers.append(function)
    return function


def sample() -> None:
    for function in _samplers:
        function()


async def sample_repeatedly() -> None:
    while True:
        sample()
        await asyncio.sleep(SAMPLE_EVERY)


def exposition() -> bytes:
    """Return all measurements in Prometheus's text format; of all processes where these share a folder for it."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
