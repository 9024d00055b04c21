"""What the desk's timeline costs in a long live blog: as its views answer scripts, rights and drawing included."""

import time
from collections.abc import Iterator
from statistics import median, quantiles

from django.contrib import admin
from django.http import HttpRequest
from django.test import RequestFactory

from updates.models import Event

from .events import WORDS, Newsroom
from .rows import Row


def desk_times(newsroom: Newsroom, seconds: float) -> Iterator[Row]:
    """Searches for words of every frequency, jumps to a time, pasted links, and what has just changed."""
    event = newsroom.large
    event.refresh_from_db()
    words = WORDS.split()
    newest = event.entries.order_by("-order").first()
    link = newest.get_absolute_url() if newest else ""
    asked = [f"q={word}+{other}" for word, other in zip(words, reversed(words), strict=True)]
    asked += [
        "q=nowhere",
        "show=key",
        f"q={link}",
        f"at={event.started_at:%Y-%m-%dT%H:%M}",
        f"author={newsroom.author.pk}",
    ]
    times: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(times) < len(asked):
        times.append(_timed(newsroom, event, "timeline", asked[len(times) % len(asked)]))
    yield Row("find at the desk, p50", median(times), "ms", of=f"{len(times)} searches in {newsroom.many:,} updates")
    yield Row("find at the desk, p95", quantiles(times, n=20)[-1], "ms", must=300)
    changes = [_timed(newsroom, event, "changes", f"after={event.desk_head - 1}") for _ in range(20)]
    yield Row("what has changed, for an open desk", median(changes), "ms")


def _timed(newsroom: Newsroom, event: Event, view: str, asked: str) -> float:
    """Milliseconds."""
    pages = admin.site.get_model_admin(Event)
    request: HttpRequest = RequestFactory().get(f"/admin/?{asked}", headers={"host": "127.0.0.1"})
    request.user = newsroom.author
    request.session = {}  # type: ignore[assignment]
    start = time.perf_counter()
    answer = getattr(pages, f"{view}_view")(request, event.pk)
    took = (time.perf_counter() - start) * 1000
    if answer.status_code != 200:  # its speed would mean nothing
        raise RuntimeError(f"{asked} was answered {answer.status_code}")
    return took
