"""The public renditions of pictures, where no proxy serves them."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse

from updates.cdn import picture_key

from . import cached_pages

TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}

FOREVER = "public, max-age=31536000, s-maxage=5, immutable"
"""The picture of a name never changes, so browsers may keep it. Shared caches revalidate, since it may be deleted."""


@cached_pages.for_readers
def rendition(request: HttpRequest, name: str) -> HttpResponse:
    """Send a rendition. The URL pattern matches no other files, and originals are in another storage."""
    etag = name.rpartition("/")[2]
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        raise Http404(name) from None
    with file:
        current = cached_pages.has_it(request, etag)
        content = b"" if current else file.read()
    response = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]], status=304 if current else 200)
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = FOREVER
    response["X-Content-Type-Options"] = "nosniff"
    return cached_pages.keyed(response, picture_key(name))
