"""Response times of the desk's timeline in a long live blog, permissions and rendering included."""

import time
from collections.abc import Iterator
from statistics import median, quantiles

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve, reverse
from django_otp.middleware import OTPMiddleware

from updates.models import Event

from .events import WORDS, Newsroom
from .rows import Row


def desk_times(newsroom: Newsroom, seconds: float) -> Iterator[Row]:
    """Measure searches for frequent and rare words, jumps to a time, pasted links, and requests for changes."""
    event = newsroom.large
    event.refresh_from_db()
    words = WORDS.split()
    newest = event.entries.order_by("-order").first()
    link = newest.get_absolute_url() if newest else ""
    queries = [f"q={word}+{other}" for word, other in zip(words, reversed(words), strict=True)]
    queries += [
        "q=nowhere",
        "show=key",
        f"q={link}",
        f"at={event.started_at:%Y-%m-%dT%H:%M}",
        f"author={newsroom.author.pk}",
    ]
    times: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(times) < len(queries):
        times.append(_timed(newsroom, event, "timeline", queries[len(times) % len(queries)]))
    yield Row("find at the desk, p50", median(times), "ms", of=f"{len(times)} searches in {newsroom.many:,} updates")
    yield Row("find at the desk, p95", quantiles(times, n=20)[-1], "ms", must=100)
    changes = [_timed(newsroom, event, "changes", f"after={event.desk_head - 1}") for _ in range(20)]
    yield Row("what has changed, for an open desk", median(changes), "ms")


def _timed(newsroom: Newsroom, event: Event, page: str, query: str) -> float:
    """Return the milliseconds that a page of the desk takes."""
    address = reverse(f"admin:updates_event_{page}", args=[event.pk])
    view = resolve(address).func
    request: HttpRequest = RequestFactory().get(f"{address}?{query}", headers={"host": "127.0.0.1"})
    request.user = newsroom.author
    request.session = {}  # type: ignore[assignment]
    OTPMiddleware(lambda _request: HttpResponse())(request)  # the admin asks it for the second factor
    start = time.perf_counter()
    response = view(request, event.pk)
    milliseconds = (time.perf_counter() - start) * 1000
    if response.status_code != 200:  # the time of an error means nothing
        raise RuntimeError(f"{address}?{query} answered {response.status_code}")
    return milliseconds
