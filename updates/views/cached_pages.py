"""Responses for readers' pages: drawn once for each number, compressed once, and cached.

The ETag of a page names its state, ``<release>-<epoch>-<head>-<day>-<view>``. A browser that has that state
gets 304 before anything is drawn; otherwise the body comes from the cache, so that a page costs one query. Browsers
revalidate each time; shared caches hold a page for the few seconds for which a removed entry may still be seen.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from updates.choices import EventStatus
from updates.models import Event
from updates.rendering import in_words_of
from updates.rendering.page_frame import NONCE
from updates.site_address import site_address
from updates.untyped import Context
from updates.zones import zone_named

from .page_nonces import NoncedBody, nonce_of
from .site import draw_page

PAGE = "public, max-age=0, s-maxage=3"
CHANGES = "public, max-age=0, s-maxage=1, stale-while-revalidate=3"
"""Together below five seconds: no cache serves a removed entry for longer."""

CACHED_FOR = 60
"""Seconds. A page says “as of 14:36”, which should not be repeated for long."""

HTML = "text/html; charset=utf-8"

NONCE_MARK = "~"
"""Between the state and the nonce of a page, in its ETag."""

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


def _body_of(text: str) -> Body | NoncedBody:
    return NoncedBody.of(text) if NONCE in text else Body.of(text)


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Allow GET and HEAD only. Other methods get 405, not the 403 of the CSRF check."""
    return csrf_exempt(require_safe(view))


def depends_on_position(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view of a live blog whose responses change with its epoch and head only, so that they may be sent again
    while these are the same (``liveblog/response_memory.py``).
    """
    view.depends_on_position = True  # type: ignore[attr-defined]  # an attribute of a function
    return view


def for_other_sites(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let scripts of any site read the response, which is the same for everybody."""

    @wraps(view)
    def respond(request: HttpRequest, *args: object, **options: object) -> HttpResponse:
        response = view(request, *args, **options)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return respond


def page(
    request: HttpRequest, name: str, template: str, context: Callable[[], Context], event: Event | None = None
) -> HttpResponse:
    """Respond with the page of this name, drawn with a template."""
    return document(request, name, lambda: draw_page(request, template, context()), event)


def document(
    request: HttpRequest, name: str, text: Callable[[], str], event: Event | None, content_type: str = HTML
) -> HttpResponse:
    """Respond with what has this name. If it is not cached, draw it in the language of the event or of the site."""
    if response := cached_page(request, name, content_type):
        return response
    with in_words_of(event):
        body = _body_of(text())
    caches["pages"].set(_key(request, name), body, CACHED_FOR)
    return _answer(request, name, body, content_type)


def cached_page(request: HttpRequest, name: str, content_type: str = HTML) -> HttpResponse | None:
    """Return 304 if the browser has the page, else the page from the cache, if it is there."""
    if tag := held_tag(request, _etag(name)):
        return _named(HttpResponseNotModified(), tag, PAGE)
    body = caches["pages"].get(_key(request, name))
    return _answer(request, name, body, content_type) if body else None


def _answer(request: HttpRequest, name: str, body: Body | NoncedBody, content_type: str) -> HttpResponse:
    """Send a page. With nonces its ETag names them, too: a shared cache must not confirm a page that has others."""
    tag = f"{_etag(name)}{NONCE_MARK}{nonce_of(request)}" if isinstance(body, NoncedBody) else _etag(name)
    return _named(written(request, body, content_type), tag, PAGE)


def _etag(name: str) -> str:
    return f"{settings.RELEASE}-{name}"


def today_of(event: Event) -> str:
    """Return the day in an event's zone, and the year, as far as its pages depend on them.

    A page leaves out the day of what is of today, and the year of what is of this year. That of an ended live blog
    names every day from the day after its last change on.
    """
    zone = zone_named(event.time_zone)
    day = today = timezone.localdate(timezone=zone)
    if event.status == EventStatus.ENDED and event.changed_at:
        day = min(today, timezone.localdate(event.changed_at, zone) + timedelta(days=1))
    return f"{today:%y}.{day:%j}"


def _key(request: HttpRequest, name: str) -> str:
    """Return the cache key of a page, which contains the address of the site."""
    return f"{site_address(request)}:{_etag(name)}"


def data(
    request: HttpRequest,
    etag: str,
    text: Callable[[], str],
    key: str = "",
    content_type: str = "application/json",
) -> HttpResponse:
    """Respond with the text of this ETag, cached under ``key`` if one is given: for requests that many send alike."""
    if browser_has(request, etag):
        return _named(HttpResponseNotModified(), etag, CHANGES)
    body = caches["pages"].get(key) if key else None
    if body is None:
        body = Body.of(text())
        if key:
            caches["pages"].set(key, body, CACHED_FOR)
    return _named(written(request, body, content_type), etag, CHANGES)


def browser_has(request: HttpRequest, etag: str) -> bool:
    return held_tag(request, etag) != ""


def held_tag(request: HttpRequest, etag: str) -> str:
    """Return the ETag of the copy that a browser or cache has, with its nonces; empty if it is of another state."""
    held = [tag.removeprefix("W/").strip('"') for tag in parse_etags(request.headers.get("If-None-Match", ""))]
    return next((etag if tag == "*" else tag for tag in held if tag == "*" or tag.split(NONCE_MARK)[0] == etag), "")


def written(request: HttpRequest, body: Body | NoncedBody, content_type: str) -> HttpResponse:
    takes_gzip = accepts_gzip(request.headers.get("Accept-Encoding", ""))
    if isinstance(body, NoncedBody):
        body = Body(b"", body.packed(request)) if takes_gzip else Body(body.filled(request), None)
    if body.packed is None or not takes_gzip:
        return HttpResponse(body.plain, content_type=content_type)
    response = HttpResponse(body.packed, content_type=content_type)
    response["Content-Encoding"] = "gzip"
    return response


def accepts_gzip(header: str) -> bool:
    """Read ``Accept-Encoding`` as RFC 9110 does: ``gzip;q=0`` refuses gzip, and ``*`` stands for what is not named."""
    weights = {}
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        weights[coding.strip()] = parameter.replace(" ", "")
    weight = weights.get("gzip", weights.get("x-gzip", weights.get("*", "q=0")))
    return weight.strip("q=.0") != "" or not weight


def keyed(response: HttpResponse, *keys: str) -> HttpResponse:
    """Set the keys by which a CDN can drop the response; see ``updates/cdn.py``."""
    response["Surrogate-Key"] = " ".join(keys)
    response["Cache-Tag"] = ",".join(keys)
    return response


def _named(response: HttpResponse, etag: str, cache_control: str) -> HttpResponse:
    """Set the caching headers. The compressed body has other bytes under the same ETag, so its ETag is weak."""
    response["ETag"] = f'W/"{etag}"' if "Content-Encoding" in response else f'"{etag}"'
    response["Cache-Control"] = cache_control
    response["Vary"] = "Accept-Encoding"
    return response
