"""The admin's site: who may see its pages, and the second step of the login."""

from typing import Final, cast

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from updates.models import Event
from updates.permissions import may_create_event
from updates.queries.own_live_blogs import only_live_blog
from updates.types import User, user_of
from updates.untyped import Context

from .second_factor import Stage, check_code, stage_of
from .sign_in_limits import WRONG_PASSWORD, attempt_of, record_failure

START: Final = "start"
"""Query parameter of the index after a login, which then leads on where there is no choice."""


class DeskSite(AdminSite):
    site_header = site_title = settings.SITE_NAME
    site_url = f"{settings.URL_PREFIX}/"
    enable_nav_sidebar = False  # leaves its width to the page

    def has_password(self, request: HttpRequest) -> bool:
        """Return whether somebody who may work here has at least given the password."""
        return super().has_permission(request)

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether a request may see the admin. Every page of it asks, so the second factor is checked here."""
        return self.has_password(request) and stage_of(request) is Stage.DONE

    def login(self, request: HttpRequest, extra_context: Context | None = None) -> HttpResponse:
        """Ask for the password, and then at the same address for the code: dialogs show whichever form is here."""
        if not self.has_password(request) or "username" in request.POST:
            return _to_first_page(super().login(request, extra_context))
        if "_cancel" in request.POST:
            logout(request)
            return redirect("admin:login")
        match stage_of(request):
            case Stage.CODE:
                return never_cache(self._code)(request)
            case Stage.SETUP:
                return redirect("account_second_factor")
            case _:
                return super().login(request, extra_context)

    def password_change(  # type: ignore[override]  # django-stubs promises a TemplateResponse, also of the redirect
        self, request: HttpRequest, extra_context: Context | None = None
    ) -> HttpResponse:
        """Count wrong old passwords as failed logins: they could be guessed at a screen left unlocked."""
        if request.method != "POST":
            return super().password_change(request, extra_context)
        AxesProxyHandler.update_request(request)
        credentials = {"username": user_of(request).get_username()}
        if attempt_of(request, credentials).locked_until():
            request.axes_locked_out, request.axes_credentials = True, credentials  # type: ignore[attr-defined]
            return HttpResponse(status=429)  # axes's middleware replaces it
        response = super().password_change(request, extra_context)
        if _is_wrong(response):
            record_failure(request, attempt_of(request, credentials), WRONG_PASSWORD)
        return response

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Context]:
        """Make the list, which takes five queries, only when it is drawn: Django hands it to every page, but of ours
        only the index shows it.
        """
        return cast(list[Context], SimpleLazyObject(lambda: super(DeskSite, self).get_app_list(request, app_label)))

    def index(self, request: HttpRequest, extra_context: Context | None = None) -> TemplateResponse:
        """Lead from the login to what there is to do: the one live blog, or the form of the first one."""
        if START in request.GET and (address := _first_page(user_of(request))):
            return redirect(address)  # type: ignore[return-value]  # django-stubs promises a TemplateResponse
        return super().index(request, extra_context)

    def _code(self, request: HttpRequest) -> HttpResponse:
        problem = check_code(request, request.POST.get("code", "")) if request.method == "POST" else ""
        following = request.POST.get("next") or request.GET.get("next", "")
        if request.method == "POST" and not problem:
            return HttpResponseRedirect(_own_address(request, following))
        context = self.each_context(request) | {"title": _("Log in"), "problem": problem, "next": following}
        return render(request, "admin/updates/account/code.html", context)


def _is_wrong(response: HttpResponse) -> bool:
    """Return whether the form came back because of the old password."""
    if not isinstance(response, TemplateResponse):
        return False
    form = (response.context_data or {})["form"]
    return bool(form.has_error("old_password", "password_incorrect"))


def _own_address(request: HttpRequest, address: str) -> str:
    is_own = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_own and address != reverse("admin:index") else start_address()


def start_address() -> str:
    """Return where somebody goes who has logged in."""
    return f"{reverse('admin:index')}?{START}"


def _to_first_page(response: HttpResponse) -> HttpResponse:
    if response.status_code == 302 and response["Location"] == reverse("admin:index"):
        response["Location"] = start_address()
    return response


def _first_page(user: User) -> str:
    """Return the desk of a user's only live blog, or the form of their first one; empty where there is a choice."""
    if pk := only_live_blog(user):
        return reverse("admin:updates_event_desk", args=[pk])
    if may_create_event(user) and not Event.objects.of(user).exists():
        return reverse("admin:updates_event_new")
    return ""
