"""Probes of load balancers, which ask a process by its address and know neither the site's host nor its proxy."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.urls import resolve

from .request_lanes import PROBES

GetResponse = Callable[[HttpRequest], HttpResponse]


class Probes:
    """Middleware that answers probes at once, before the checks of host, scheme and session.

    Those would answer a probe without ``Host`` with 400, one without ``X-Forwarded-Proto`` with a redirect to HTTPS.
    A request for another site's name is left to them: a page of that site could read the answer in a browser here.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path not in ADDRESSES or not _may_name(request.META.get("HTTP_HOST", "")):
            return self.get_response(request)
        match = resolve(path)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response


ADDRESSES = {*PROBES, *(f"{settings.URL_PREFIX}{probe}" for probe in PROBES)}


def _may_name(host: str) -> bool:
    """Return whether a ``Host`` header is absent, an address, this machine or the site."""
    name = split_domain_port(host.lower())[0]
    if not host or validate_host(name, ["localhost", *settings.ALLOWED_HOSTS]):
        return True
    try:
        return bool(ip_address(name.strip("[]")))
    except ValueError:
        return False
