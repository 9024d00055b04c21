"""The answer to a sign-in after too many failures."""

from collections.abc import Mapping
from math import ceil

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from updates.accounts.sign_in_limits import attempt_of


def too_many_failures(
    request: HttpRequest, _response: HttpResponse | None = None, credentials: Mapping[str, object] | None = None
) -> HttpResponse:
    """Draw the login page with the reason. Tells nobody whether the account exists."""
    until = attempt_of(request, credentials or {}).locked_until() or timezone.now()
    seconds = max(1, ceil((until - timezone.now()).total_seconds()))
    minutes = ceil(seconds / 60)
    wait = ngettext("Wait %(count)d minute and try again.", "Wait %(count)d minutes and try again.", minutes)
    context = admin.site.each_context(request) | {
        "title": _("Log in"),
        "form": AdminAuthenticationForm(request),
        "refusal": _("Too many failed attempts to log in.") + " " + wait % {"count": minutes},
        "app_path": request.get_full_path(),
        "next": request.POST.get("next", ""),
    }
    response = render(request, "admin/login.html", context, status=429)
    response["Retry-After"] = str(seconds)
    response._has_been_logged = True  # type: ignore[attr-defined]  # the attempt has its line in the log
    return response
