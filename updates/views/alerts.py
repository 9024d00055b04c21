"""What a browser needs for alerts: the address to subscribe at, the service worker, and the web app's manifest."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from updates.alerts.devices import device_of
from updates.alerts.keys import alerts_are_on
from updates.publishing import Refused
from updates.publishing.alerts import subscribe, unsubscribe
from updates.queries import reader_pages
from updates.rendering import in_words_of

from . import cached_pages

SHORTLY = "public, max-age=0, s-maxage=60"


@csrf_exempt  # readers have no session; a page of another site cannot send JSON
@require_POST
def alerts(request: HttpRequest, slug: str) -> HttpResponse:
    """Subscribe a browser to the alerts of an event, or end its subscription."""
    event = reader_pages.public_event(slug)
    if event is None or not alerts_are_on():
        raise Http404(slug)
    if request.content_type != "application/json":
        return _answer({"error": "application/json"}, 415)
    with in_words_of(event):
        try:
            device, is_off = device_of(request.body)
            if is_off:
                unsubscribe(event, device.endpoint)
            else:
                subscribe(event, device)
        except ValidationError as error:
            return _answer({"error": " ".join(error.messages)}, 400)
        except Refused as error:
            return _answer({"error": str(error)}, 409)
    return _answer({}, 200 if is_off else 201)


@cached_pages.for_readers
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 – a view
    """Send the service worker from the front page’s folder, because it may only open pages below its own address."""
    if not alerts_are_on():
        raise Http404("alerts are off")
    return HttpResponse(_script(), content_type="text/javascript", headers={"Cache-Control": SHORTLY})


@cached_pages.for_readers
def manifest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 – a view
    """Describe the site as a web app: iPhones allow alerts only to those on their home screen."""
    if not alerts_are_on():
        raise Http404("alerts are off")
    described = {
        "name": settings.SITE_NAME,
        "start_url": reverse("front"),
        "scope": reverse("front"),
        "display": "standalone",
        "background_color": "#ffffff",
        "icons": [{"src": static("img/icon.svg"), "type": "image/svg+xml", "sizes": "any"}],
    }
    headers = {"Cache-Control": SHORTLY}
    return HttpResponse(json.dumps(described), content_type="application/manifest+json", headers=headers)


def _answer(values: dict[str, str], status: int) -> JsonResponse:
    return JsonResponse(values, status=status, headers={"Cache-Control": "no-store"})


@cache
def _script() -> bytes:
    place = finders.find("js/service_worker.js")
    if not place:
        raise FileNotFoundError("static/js/service_worker.js")
    return Path(place).read_bytes()
