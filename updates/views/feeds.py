"""Feeds of an event and of the site: Atom, RSS and JSON Feed, with ``?filter=key`` key events only."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import http_date, parse_http_date_safe

from updates.cdn import LISTS, event_key
from updates.queries import feeds, reader_pages
from updates.rendering.feeds import FORMATS, feed_of_event, feed_of_site
from updates.site_address import site_address
from updates.websub import hub_of_feed

from . import cached_pages

SETTLED_AFTER = timedelta(seconds=1)
"""Age of a change from which ``Last-Modified``, which has full seconds, names no other change."""


@cached_pages.depends_on_position
@cached_pages.for_readers
def event_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Send the newest entries of an event."""
    event = reader_pages.public_event(slug)
    if event is None:
        raise Http404(slug)
    if _is_unchanged_since(request, event.changed_at):
        return cached_pages.keyed(_not_modified(), event_key(slug))
    name = f"{event.epoch}-{event.head}-{_name(request, form)}"
    answer = cached_pages.cached_page(request, name, _type(form))
    if answer is None:
        with reader_pages.snapshot():
            answer = _drawn_event_feed(request, slug, form)
    if not event.is_listed:
        answer["X-Robots-Tag"] = "noindex"
    answer["Link"] = _link_header(request, is_listed=event.is_listed)
    return cached_pages.keyed(_dated(answer, event.changed_at), event_key(slug))


def _drawn_event_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Read the event again, in the snapshot of its entries."""
    event = reader_pages.public_event(slug)
    if event is None:
        raise Http404(slug)

    def text() -> str:
        rows = feeds.event_feed(event, keys_only=_keys_only(request))
        address, keys_only = _address(request), _keys_only(request)
        return FORMATS[form].write(feed_of_event(event, rows, site_address(request), address, keys_only=keys_only))

    name = f"{event.epoch}-{event.head}-{_name(request, form)}"
    return cached_pages.document(request, name, text, event, _type(form))


@cached_pages.for_readers
def site_feed(request: HttpRequest, form: str) -> HttpResponse:
    """Send the newest entries of all listed events."""
    keys_only = _keys_only(request)
    with reader_pages.snapshot():
        changed_at = feeds.last_change()
        if _is_unchanged_since(request, changed_at):
            return cached_pages.keyed(_not_modified(), LISTS)
        state = sha256("".join(feeds.site_feed_state(keys_only=keys_only)).encode()).hexdigest()[:16]

        def text() -> str:
            rows = feeds.site_feed(keys_only=keys_only)
            updated = changed_at or timezone.now()
            feed = feed_of_site(rows, site_address(request), _address(request), updated, keys_only=keys_only)
            return FORMATS[form].write(feed)

        answer = cached_pages.document(request, f"{state}-{_name(request, form)}", text, None, _type(form))
    answer["Link"] = _link_header(request, is_listed=True)
    return cached_pages.keyed(_dated(answer, changed_at), LISTS)


def _keys_only(request: HttpRequest) -> bool:
    return request.GET.get("filter") == "key"


def _name(request: HttpRequest, form: str) -> str:
    return f"feed-{form}{'-key' if _keys_only(request) else ''}"


def _address(request: HttpRequest) -> str:
    return site_address(request) + request.path + ("?filter=key" if _keys_only(request) else "")


def _type(form: str) -> str:
    return f"{FORMATS[form].media_type}; charset=utf-8"


def _link_header(request: HttpRequest, *, is_listed: bool) -> str:
    """Name the feed itself, and the hub that knows of its changes, as WebSub asks."""
    links = f'<{_address(request)}>; rel="self"'
    hub = hub_of_feed(is_listed=is_listed, keys_only=_keys_only(request))
    return f'{links}, <{hub}>; rel="hub"' if hub else links


def _is_unchanged_since(request: HttpRequest, changed_at: datetime | None) -> bool:
    """Return whether a reader that knows only dates has the newest state; an ETag says it better."""
    if "If-None-Match" in request.headers or changed_at is None:
        return False
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and int(changed_at.timestamp()) <= since


def _not_modified() -> HttpResponse:
    """Return 304 with the caching headers of the feed, which a cache takes over."""
    return HttpResponseNotModified(headers={"Cache-Control": cached_pages.PAGE, "Vary": "Accept-Encoding"})


def _dated(answer: HttpResponse, changed_at: datetime | None) -> HttpResponse:
    if changed_at and timezone.now() - changed_at > SETTLED_AFTER:
        answer["Last-Modified"] = http_date(changed_at.timestamp())
    return answer
