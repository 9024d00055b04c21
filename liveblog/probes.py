"""Probes of load balancers, which ask a process by its address and know neither the site's host nor its proxy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from .request_lanes import PROBES

GetResponse = Callable[[HttpRequest], HttpResponse]


class Probes:
    """Middleware that answers probes at once, before the checks of host, scheme and session.

    Those would answer a probe without ``Host`` with 400, one without ``X-Forwarded-Proto`` with a redirect to HTTPS.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.endswith(PROBES):
            return self.get_response(request)
        match = resolve(request.path_info)
        if match.route.rpartition("/")[2] not in {probe.lstrip("/") for probe in PROBES}:
            return self.get_response(request)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response
