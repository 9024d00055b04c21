"""Responses that scripts of other sites may read.

The address names the site of the script (``parent``), so that responses depend on their addresses only, and caches that
ignore ``Vary`` cannot mix them up. Browsers compare it with the real origin of the page; a wrong one gives nothing.
"""

from django.http import HttpRequest, HttpResponse

from updates.embedding import EVERY_SITE, SITE, may_embed
from updates.models import Event
from updates.site_address import site_address

TEXT = "text/plain; charset=utf-8"
ALLOW = "Access-Control-Allow-Origin"

VERSION = "Live-Version"
"""Header with the version that a fragment has, as in its ``data-version``."""


def parent_of(request: HttpRequest) -> str:
    return str(request.GET.get("parent", ""))


def is_allowed_parent(request: HttpRequest, event: Event) -> bool:
    """Return whether the site in the address may embed the event; this site may, and so may whoever names none."""
    parent = parent_of(request)
    return not parent or parent == site_address(request) or may_embed(event.embed_sites, parent)


def readable(response: HttpResponse, request: HttpRequest, event: Event) -> HttpResponse:
    """Let the scripts of the site in the address read a response."""
    parent = parent_of(request)
    if EVERY_SITE in event.embed_sites:
        response[ALLOW] = EVERY_SITE
    elif SITE.fullmatch(parent):
        response[ALLOW] = parent
    response["Access-Control-Expose-Headers"] = f"ETag, {VERSION}"
    return response


def refused(request: HttpRequest, event: Event) -> HttpResponse:
    """Respond to a site that may not embed the event. It may read why."""
    text = "This site may not embed this live blog. Ask its newsroom to add it."
    return readable(plain_refusal(403, text), request, event)


def absent() -> HttpResponse:
    """Respond 404 so that scripts of other sites see it: a response that they may not read is a broken line to them."""
    response = plain_refusal(404, "There is no such live blog or update.")
    response[ALLOW] = EVERY_SITE
    return response


def plain_refusal(status: int, reason: str) -> HttpResponse:
    """Respond with a line of text, which caches do not keep."""
    response = HttpResponse(f"{reason}\n", status=status, content_type=TEXT)
    response["Cache-Control"] = "no-cache"
    return response
