"""The read API's addresses of live blogs: the list, one, and what describes the API itself."""

import json
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from updates.choices import EventStatus
from updates.queries import api
from updates.rendering import as_json
from updates.rendering.api import event_json
from updates.site_address import site_address
from updates.untyped import JSONObject

from .answers import about_event, about_site, address, public_event
from .parameters import Parameters
from .problems import Problem, api_view

DESCRIPTION = Path("docs/openapi.json")

STATES = [state for state in EventStatus if state != EventStatus.DRAFT]

_SLUG = re.compile(r"[a-z0-9-]{1,80}")


@api_view
def index(request: HttpRequest) -> HttpResponse:
    """Name the addresses from which a program finds all others."""
    Parameters(request.GET)
    origin = site_address(request)
    return about_site(
        request, as_json({"events": address(origin, "api-events"), "description": address(origin, "api-description")})
    )


@api_view
def description(request: HttpRequest) -> HttpResponse:
    """Send the OpenAPI description, with the address of this site."""
    Parameters(request.GET)
    origin = site_address(request)
    return about_site(
        request, as_json(_description() | {"servers": [{"url": address(origin, "api-index").rstrip("/")}]})
    )


@api_view
def unknown(request: HttpRequest, url: str) -> HttpResponse:  # noqa: ARG001 – no address changes it
    raise Problem(404, "There is nothing at this address. The description of the API names all that there are.")


@api_view
def events(request: HttpRequest) -> HttpResponse:
    """List live blogs, the newest first. Those that are not listed on the site are not listed here either."""
    parameters = Parameters(request.GET, "state", "limit", "after")
    state = parameters.choice("state", STATES)
    limit = parameters.number("limit", least=1, most=api.MOST) or 20
    cursor = parameters.matching("after", _SLUG, "the slug of a live blog")
    after = api.listed_event(cursor) if cursor else None
    if cursor and after is None:
        raise Problem(400, "There is no such live blog in the list. Begin again without this parameter.", "after")
    rows = api.listed_events(EventStatus(state) if state else None, after, limit)
    origin, last = site_address(request), rows[limit - 1].slug if len(rows) > limit else None
    following = address(origin, "api-events", state=state, limit=limit, after=last) if last else None
    return about_site(
        request, as_json({"events": [event_json(row, origin) for row in rows[:limit]], "next": following})
    )


@api_view
def event(request: HttpRequest, slug: str) -> HttpResponse:
    Parameters(request.GET)
    event = public_event(slug)
    return about_event(request, event, "event", lambda: as_json(event_json(event, site_address(request))))


@cache
def _description() -> JSONObject:
    described: JSONObject = json.loads((settings.BASE_DIR / DESCRIPTION).read_text())
    return described
