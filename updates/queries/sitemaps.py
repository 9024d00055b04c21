"""Queries for sitemaps, which name listed events only; call them inside ``reader_pages.snapshot()``."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, QuerySet, Sum
from django.utils import timezone

from updates.choices import ORDER_STEP
from updates.models import Event

from .pagination import archive_numbers

LARGEST = 50_000
"""Most addresses of one sitemap, by the protocol."""

MOST_NEWS = 1000
NEWS_AGE = timedelta(days=2)
"""Search engines take news sitemaps of that many articles, which are no older than that."""


@dataclass(frozen=True)
class SitemapPage:
    number: int
    changed_at: datetime | None


def index_state() -> str:
    """Return what the index depends on: every change that readers see raises the sum of the heads."""
    state = Event.objects.listed().aggregate(Count("pk"), Sum("head"), Max("changed_at"), Max("pk"))
    return "-".join(str(value) for value in state.values())


def listed_events() -> list[Event]:
    return list(Event.objects.listed().order_by("-pk").only("slug", "changed_at", "created_at")[: LARGEST - 1])


def archive_pages(event: Event) -> list[SitemapPage]:
    """Return the pages of an event besides its first, the newest first, each with its newest change, in one query."""
    numbers = archive_numbers(event)
    width = event.page_size * ORDER_STEP
    blocks = event.entries.known_to_readers().order_by().annotate(block=(F("order") - 1) / width).values("block")
    changed = {row["block"] + 1: row["newest"] for row in blocks.annotate(newest=Max("changed_at"))} if numbers else {}
    return [SitemapPage(number, changed.get(number)) for number in reversed(numbers)][: LARGEST - 1]


def news_state() -> str:
    """Return what the news sitemap depends on: which live blogs are in it, and every change that readers see."""
    state = _news().order_by().aggregate(Count("pk"), Sum("head"), Max("changed_at"), Sum("pk"))
    return "-".join(str(value) for value in state.values())


def news() -> list[Event]:
    """Return the events whose coverage began in the last two days, the newest first."""
    return list(_news().order_by("-started_at", "-pk")[:MOST_NEWS])


def _news() -> QuerySet[Event]:
    return Event.objects.listed().filter(started_at__gte=timezone.now() - NEWS_AGE)
