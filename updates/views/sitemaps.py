"""``robots.txt`` and sitemaps: an index, one for each listed event with its archive pages, and one for news."""

from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from updates.cdn import LISTS, event_key
from updates.models import Event
from updates.queries import reader_pages, sitemaps
from updates.rendering.drawing import draw
from updates.rendering.structured.event import first_published, last_modified
from updates.site_address import site_address
from updates.untyped import Context

from . import cached_pages

XML = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: {api}
Disallow: /*/changes

Sitemap: {origin}{index}
Sitemap: {origin}{news}
"""


@cached_pages.for_readers
def robots(request: HttpRequest) -> HttpResponse:
    """Name no event, so that it reveals none that is not listed."""
    places = {"index": reverse("sitemap"), "news": reverse("news-sitemap"), "api": reverse("api-index")}
    text = ROBOTS.format(origin=site_address(request), **places)
    return cached_pages.keyed(cached_pages.document(request, "robots", lambda: text, None, TEXT), LISTS)


@cached_pages.for_readers
def index(request: HttpRequest) -> HttpResponse:
    with reader_pages.snapshot():
        name = f"sitemap-{_digest(sitemaps.index_state())}"
        return _sitemap(request, name, "index", lambda: {"events": _dated(sitemaps.listed_events())})


@cached_pages.for_readers
def lists(request: HttpRequest) -> HttpResponse:
    """Name the pages that belong to no event."""
    addresses = [reverse("front"), reverse("archive"), reverse("corrections")]
    return _sitemap(request, "sitemap-lists", "lists", lambda: {"addresses": addresses})


@cached_pages.for_readers
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """Name the pages of an event. One that is not listed has no sitemap. A cached one takes one query."""
    if cached := cached_pages.cached_page(request, _name(_listed_event(slug)), XML):
        return cached_pages.keyed(cached, event_key(slug))
    with reader_pages.snapshot():
        event = _listed_event(slug)
        context = {"event": event, "modified": last_modified(event)}
        return _sitemap(
            request, _name(event), "event", lambda: context | {"pages": sitemaps.archive_pages(event)}, event_key(slug)
        )


def _listed_event(slug: str) -> Event:
    event = reader_pages.public_event(slug)
    if event is None or not event.is_listed:
        raise Http404(slug)
    return event


def _name(event: Event) -> str:
    return f"{event.epoch}-{event.head}-sitemap"


@cached_pages.for_readers
def news(request: HttpRequest) -> HttpResponse:
    with reader_pages.snapshot():
        name = f"sitemap-news-{_digest(sitemaps.news_state())}"
        return _sitemap(request, name, "news", lambda: {"articles": [_article(one) for one in sitemaps.news()]})


def _article(event: Event) -> Context:
    return {
        "event": event,
        "published": first_published(event),
        "modified": last_modified(event),
        "language": news_language(event.language),
        "publication": settings.SITE_NAME,
    }


def news_language(tag: str) -> str:
    """Return the code that news sitemaps ask for: that of the language, for Chinese with its form of writing."""
    language, *others = tag.lower().split("-")
    if language == "zh":
        return "zh-tw" if {"hant", "tw", "hk", "mo"} & set(others) else "zh-cn"
    return language


def _dated(events: list[Event]) -> list[Context]:
    return [{"slug": event.slug, "modified": last_modified(event)} for event in events]


def _digest(state: str) -> str:
    return sha256(state.encode()).hexdigest()[:16]


def _sitemap(
    request: HttpRequest, name: str, template: str, context: Callable[[], Context], key: str = LISTS
) -> HttpResponse:
    def text() -> str:
        return draw(f"updates/sitemaps/{template}.xml", {"origin": site_address(request)} | context())

    return cached_pages.keyed(cached_pages.document(request, name, text, None, XML), key)
