"""How reader pages are answered: by number, from memory, compressed once.

An answer is named by what it shows, ``<release>-<epoch>-<head>-<view>``. A browser that has it gets 304 before
anything is drawn; else the drawn body is kept, so that a page everybody wants costs one query. Browsers ask again
each time, and shared caches may hold a page for as long as nobody minds a removed entry on it.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from updates.models import Event
from updates.rendering import in_words_of
from updates.site_address import site_address
from updates.untyped import Context

from .site import draw_page

PAGE = "public, max-age=0, s-maxage=3"
CHANGES = "public, max-age=0, s-maxage=1, stale-while-revalidate=3"
"""Together below five seconds: nothing that was removed is to be had for longer from any cache."""

KEPT = 60
"""Seconds a drawn page is kept: it says “as of 14:36”, which a later minute should not repeat for long."""

HTML = "text/html; charset=utf-8"

SMALL = 1000
"""Bytes below which compressing gains nothing."""


@dataclass(frozen=True)
class Body:
    plain: bytes
    packed: bytes | None

    @classmethod
    def of(cls, text: str) -> "Body":
        plain = text.encode()
        return cls(plain, gzip.compress(plain, 6, mtime=0) if len(plain) > SMALL else None)


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """GET and HEAD only; anything else is 405, and not the 403 that the check against forged forms would give."""
    return csrf_exempt(require_safe(view))


def page(
    request: HttpRequest, name: str, template: str, context: Callable[[], Context], event: Event | None = None
) -> HttpResponse:
    """A page under its name, drawn only if nobody has it; in the words of the event or of the site."""
    if found := page_at_hand(request, name):
        return found
    with in_words_of(event):
        body = Body.of(draw_page(request, template, context()))
    caches["pages"].set(_key(request, name), body, KEPT)
    return _named(written(request, body, HTML), _etag(name), PAGE)


def page_at_hand(request: HttpRequest, name: str) -> HttpResponse | None:
    """A page that the browser has, or that was drawn before."""
    if has_it(request, _etag(name)):
        return _named(HttpResponseNotModified(), _etag(name), PAGE)
    body = caches["pages"].get(_key(request, name))
    return _named(written(request, body, HTML), _etag(name), PAGE) if body else None


def _etag(name: str) -> str:
    return f"{settings.RELEASE}-{name}"


def _key(request: HttpRequest, name: str) -> str:
    """A page names the address under which the site was asked for."""
    return f"{site_address(request)}:{_etag(name)}"


def data(request: HttpRequest, etag: str, text: Callable[[], str], key: str = "") -> HttpResponse:
    """JSON under its number; kept only under a ``key``, for what many ask alike."""
    if has_it(request, etag):
        return _named(HttpResponseNotModified(), etag, CHANGES)
    body = caches["pages"].get(key) if key else None
    if body is None:
        body = Body.of(text())
        if key:
            caches["pages"].set(key, body, KEPT)
    return _named(written(request, body, "application/json"), etag, CHANGES)


def has_it(request: HttpRequest, etag: str) -> bool:
    held = [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]
    return f'"{etag}"' in held or "*" in held


def written(request: HttpRequest, body: Body, content_type: str) -> HttpResponse:
    if body.packed is None or not accepts_gzip(request.headers.get("Accept-Encoding", "")):
        return HttpResponse(body.plain, content_type=content_type)
    response = HttpResponse(body.packed, content_type=content_type)
    response["Content-Encoding"] = "gzip"
    return response


def accepts_gzip(header: str) -> bool:
    """As RFC 9110 reads ``Accept-Encoding``: ``gzip;q=0`` refuses it, and ``*`` stands for all that is not named."""
    weights = {}
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        weights[coding.strip()] = parameter.replace(" ", "")
    weight = weights.get("gzip", weights.get("x-gzip", weights.get("*", "q=0")))
    return weight.strip("q=.0") != "" or not weight


def keyed(response: HttpResponse, *keys: str) -> HttpResponse:
    """Say by which keys a CDN can be told to forget an answer; see ``updates/cdn.py``."""
    response["Surrogate-Key"] = " ".join(keys)
    response["Cache-Tag"] = ",".join(keys)
    return response


def _named(response: HttpResponse, etag: str, cache_control: str) -> HttpResponse:
    """The compressed form has other bytes under the same name, so its name is a weak one."""
    response["ETag"] = f'W/"{etag}"' if "Content-Encoding" in response else f'"{etag}"'
    response["Cache-Control"] = cache_control
    response["Vary"] = "Accept-Encoding"
    return response
