"""Posts with an ended login or a stale CSRF token: the sender gets back what they typed, to send it again."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from updates.content.sanitize import without_tags

from .responses import asks_for_json

GetResponse = Callable[[HttpRequest], HttpResponse]

_SECRET = re.compile(r"password|token", re.IGNORECASE)
_NOT_TYPED = re.compile(r"_FORMS$|-(?:region|ordering|image|poster)$|^(?:key|version|_\w+)$")


def session_view(request: HttpRequest) -> HttpResponse:
    """Return who is logged in, and the CSRF token that forms opened before the login need."""
    return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})


class SessionRecovery:
    """Middleware that answers a post without a login, as the redirect to the login page would lose it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _goes_to_login(request, response):
            return response
        if asks_for_json(request):
            return JsonResponse({"state": "login"}, status=401)
        if request.method == "POST" and is_same_origin(request):
            return _recovery_page(request, logged_out=True)
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 – Django names it
    """Django's ``CSRF_FAILURE_VIEW``. Sends a fresh token to pages of this site only, as others could post with it."""
    is_own = is_same_origin(request)
    if asks_for_json(request):
        return JsonResponse(
            {"state": "token", "token": get_token(request)} if is_own else {"state": "foreign"}, status=403
        )
    if is_own:
        return _recovery_page(request, logged_out=False)
    context = admin.site.each_context(request) | {"title": _("Not sent")}
    return render(request, "admin/updates/foreign.html", context, status=403)


def is_same_origin(request: HttpRequest) -> bool:
    """Return whether the browser says that the post comes from a page of this site."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        parts = urlsplit(origin)
    except ValueError:  # brackets that are no address
        return False
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def _goes_to_login(request: HttpRequest, response: HttpResponse) -> bool:
    if response.status_code != 302:
        return False
    login = reverse("admin:login")
    return urlsplit(response["Location"]).path == login and request.path not in (login, reverse("admin:logout"))


def _recovery_page(request: HttpRequest, *, logged_out: bool) -> HttpResponse:
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts if not _SECRET.search(name)]
    context = admin.site.each_context(request) | {
        "title": _("Not sent yet"),
        "logged_out": logged_out,
        "fields": fields,
        "words": [without_tags(text) for name, text in fields if text.strip() and not _NOT_TYPED.search(name)],
        "files": [file.name for _, files in request.FILES.lists() for file in files],
        "address": request.get_full_path(),
        "may_send": request.path.startswith(f"{reverse('admin:index')}updates/"),
        "login": f"{reverse('admin:login')}?next={reverse('admin:index')}",
    }
    return render(request, "admin/updates/resend.html", context, status=403)
