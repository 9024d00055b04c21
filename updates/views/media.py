"""The public renditions of pictures where no proxy serves them, and their crops for search engines."""

from collections.abc import Callable

from django.core.cache import caches
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse

from updates.cdn import picture_key
from updates.content.crops import crop as cut

from . import cached_pages

TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}

FOREVER = "public, max-age=31536000, s-maxage=4, immutable"
"""The picture of a name never changes, so browsers may keep it. Shared caches revalidate, since it may be deleted;
nginx counts whole seconds and may add one."""


@cached_pages.for_readers
def rendition(request: HttpRequest, name: str) -> HttpResponse:
    """Send a rendition. The URL pattern matches no other files, and originals are in another storage."""
    return _picture(request, name, name.rpartition("/")[2], lambda content: content)


@cached_pages.for_readers
def crop(request: HttpRequest, picture: str, shape: str) -> HttpResponse:
    """Send a part of a rendition, which is gone when the rendition is. It is cut when it is first asked for."""
    etag = f"{picture.rpartition('/')[2]}-{shape}"

    def part(content: bytes) -> bytes:
        return caches["crops"].get_or_set(etag, lambda: cut(content, shape), cached_pages.CACHED_FOR)  # type: ignore[return-value]

    return _picture(request, f"{picture}.jpg", etag, part)


def _picture(request: HttpRequest, name: str, etag: str, part: Callable[[bytes], bytes]) -> HttpResponse:
    current = cached_pages.browser_has(request, etag)
    try:
        content = b"" if current and default_storage.exists(name) else part(_read(name))
    except FileNotFoundError:
        raise Http404(name) from None
    response = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]], status=304 if current else 200)
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = FOREVER
    response["X-Content-Type-Options"] = "nosniff"
    return cached_pages.keyed(response, picture_key(name))


def _read(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())
