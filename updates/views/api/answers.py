"""Responses of the read API: cached and revalidated like pages, and dropped by the same CDN keys."""

from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from updates.cdn import LISTS, event_key
from updates.models import Event
from updates.queries import reader_pages
from updates.site_address import site_address
from updates.views import cached_pages

from .problems import Problem


def public_event(slug: str) -> Event:
    """Read a public event with one query."""
    event = reader_pages.public_event(slug)
    if event is None:
        raise Problem(404, "There is no live blog at this address.")
    return event


def about_event(
    request: HttpRequest, event: Event, name: str, text: Callable[[], str], *, is_usual: bool = True
) -> HttpResponse:
    """Respond with what has this name in the event's present state. Only ``is_usual`` answers are cached, since anybody
    may ask for any number of others.
    """
    etag = f"{settings.RELEASE}-{event.epoch}-{event.head}-api-{name}"
    key = f"{site_address(request)}:{etag}" if is_usual else ""
    response = cached_pages.data(request, etag, text, key)
    if not event.is_listed:
        response["X-Robots-Tag"] = "noindex"
    return cached_pages.keyed(response, event_key(event.slug))


def about_site(request: HttpRequest, text: str) -> HttpResponse:
    """Respond with a text whose digest is its ETag."""
    etag = f"api-{sha256(text.encode()).hexdigest()[:16]}"
    return cached_pages.keyed(cached_pages.data(request, etag, lambda: text), LISTS)


def address(origin: str, name: str, *arguments: str, **query: object) -> str:
    """Return an absolute address; parameters that are ``None`` are left out."""
    values = {key: value for key, value in query.items() if value is not None}
    return f"{origin}{reverse(name, args=arguments)}{'?' + urlencode(values) if values else ''}"
