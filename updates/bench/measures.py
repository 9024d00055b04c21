"""The measurements. Compared values are measured in turns, on the same server within the same minute."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median, quantiles

from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from updates import publishing
from updates.models import Event
from updates.views import catch_up, reader

from .desk import desk_times
from .events import Newsroom, content
from .load_plan import Plan
from .noise import repeated, spread
from .rows import Row
from .search_and_feeds import search_and_feeds
from .site import generate_load
from .weight import weigh

EMPTY = "/healthz"
"""View that does nothing, behind the same server and middleware."""

NOT_QUERIES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET TRANSACTION")


@dataclass(frozen=True)
class Bench:
    newsroom: Newsroom
    site: str
    seconds: float
    connections: int = 8

    def rows(self) -> Iterator[Row]:
        yield from weights(self)
        yield from queries(self.newsroom)
        yield from warm_pages(self)
        yield from search_and_feeds(self)
        yield from catching_up(self)
        yield rendering(self)
        yield from publishing_times(self)
        yield from desk_times(self.newsroom, self.seconds / 10)

    def relative_to_empty(self, address: str, seconds: float, **headers: str) -> tuple[float, str]:
        """Return requests per second relative to the empty view, and both rates as text."""
        status = (304,) if headers else (200,)
        addresses = [self.site + EMPTY, self.site + address]
        plan = Plan(addresses, seconds, connections=self.connections, headers=headers, statuses=(200, *status))
        ratios, rates = repeated(lambda: generate_load(plan))
        empty, page = (median(rate) for rate in zip(*rates, strict=True))
        return median(ratios), f"{page:,.0f}/s of {empty:,.0f}/s, ± {100 * spread(ratios):.0f} %"


def weights(bench: Bench) -> Iterator[Row]:
    weight = weigh(bench.site + bench.newsroom.small.get_absolute_url())
    parts = f"HTML {weight.html / 1000:.1f}, CSS {weight.css / 1000:.1f}, JS {weight.js / 1000:.1f}"
    yield Row("event page, compressed", weight.total / 1000, "KB", must=60, aim=35, of=parts)
    yield Row("its scripts", weight.js / 1000, "KB", must=12)
    yield Row("its styles", weight.css / 1000, "KB", must=14)


def queries(newsroom: Newsroom) -> Iterator[Row]:
    event = newsroom.small
    clear_caches()
    yield Row("queries of an event page", count_queries(lambda: page(event)), "queries", must=3)
    yield Row("queries of a catch-up", count_queries(lambda: changes(event, 0)), "queries", must=2)
    post = count_queries(lambda: publishing.publish(event.pk, content(1), newsroom.author))
    yield Row("queries of publishing a text", post, "queries", must=10)


def warm_pages(bench: Bench) -> Iterator[Row]:
    part = bench.seconds / 5
    small, large = (event.get_absolute_url() for event in (bench.newsroom.small, bench.newsroom.large))
    ratio, of = bench.relative_to_empty(small, 2 * part)
    yield Row("event page against an empty view", ratio, "×", must=0.7, aim=0.9, more_is_better=True, of=of)
    rates = generate_load(Plan([bench.site + small, bench.site + large], part, connections=bench.connections))
    ratio = median(few / many for few, many in rates)
    yield Row(_of_many(bench.newsroom, "from memory"), ratio, "×", must=1.2, aim=1.0, of="time per request")


def catching_up(bench: Bench) -> Iterator[Row]:
    event = bench.newsroom.small
    event.refresh_from_db()
    address = f"{event.get_absolute_url()}changes?epoch={event.epoch}&after="
    ratio, of = bench.relative_to_empty(f"{address}{event.head - 1}", bench.seconds / 10)
    yield Row("catch-up of one update against an empty view", ratio, "×", of=of)
    headers = {"If-None-Match": f'"{event.epoch}-{event.head}"'}
    ratio, of = bench.relative_to_empty(f"{address}{event.head}", bench.seconds / 10, **headers)
    yield Row("“nothing new” (304) against an empty view", ratio, "×", of=of)


def rendering(bench: Bench) -> Row:
    """Measure the first page after an update: only the newest entry and the page are rendered anew."""
    times: dict[str, list[float]] = {"few": [], "many": []}
    end = time.monotonic() + bench.seconds / 10
    while time.monotonic() < end or len(times["many"]) < 5:
        for name, event in (("few", bench.newsroom.small), ("many", bench.newsroom.large)):
            caches["pages"].clear()
            times[name].append(time_ms(lambda event=event: page(event)))  # type: ignore[misc]
    few, many = median(times["few"]), median(times["many"])
    of = f"{many:.1f} ms to {few:.1f} ms"
    return Row(_of_many(bench.newsroom, "drawn anew"), many / few, "×", must=1.2, aim=1.0, of=of)


def publishing_times(bench: Bench) -> Iterator[Row]:
    event, author = bench.newsroom.large, bench.newsroom.author
    times: list[float] = []
    end = time.monotonic() + bench.seconds / 10
    while time.monotonic() < end or len(times) < 20:
        update = content(len(times))
        times.append(time_ms(lambda update=update: publishing.publish(event.pk, update, author)))  # type: ignore[misc]
    yield Row("publish a text, p50", median(times), "ms", of=f"{len(times)} updates")
    yield Row("publish a text, p95", quantiles(times, n=20)[-1], "ms", must=80, aim=40)


def _of_many(newsroom: Newsroom, how: str) -> str:
    return f"event of {newsroom.many:,} entries against {newsroom.few:,}, {how}"


def page(event: Event) -> HttpResponse:
    return reader.event_page(_request(event.get_absolute_url()), event.slug)


def changes(event: Event, after: int) -> HttpResponse:
    address = f"{event.get_absolute_url()}changes?after={after}&epoch={event.epoch}"
    return catch_up.changes(_request(address), event.slug)


def _request(address: str) -> object:
    return RequestFactory().get(address, headers={"host": "127.0.0.1", "accept-encoding": "br, gzip"})


def clear_caches() -> None:
    for cache in caches.all(initialized_only=True):
        cache.clear()


def count_queries(action: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        action()
    return sum(not query["sql"].startswith(NOT_QUERIES) for query in captured)


def time_ms(action: Callable[[], object]) -> float:
    """Return the milliseconds that an action takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000
