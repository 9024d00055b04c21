"""The page that sets up the second factor, makes recovery codes, and turns it off."""

from base64 import b64encode
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import cast

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_otp.qr import write_qrcode_image

from updates.accounts.second_factor import (
    Stage,
    begin_setup,
    device_of,
    finish_setup,
    key_text,
    new_recovery_codes,
    recovery_codes_left,
    remove_second_factor,
    stage_of,
)
from updates.accounts.second_factor_rule import needs_second_factor
from updates.accounts.sign_in_limits import WRONG_PASSWORD, attempt_of, record_failure
from updates.accounts.site import DeskSite
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.types import user_of

from .refusal import too_many_failures


class ConfirmForm(forms.Form):
    """Asks for the password again: an unlocked screen is not enough to change how somebody logs in."""

    username = forms.CharField(
        widget=forms.TextInput(attrs={"autocomplete": "username", "hidden": True, "readonly": True}), required=False
    )  # for password managers
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SetUpForm(ConfirmForm):
    code = forms.CharField(
        label=gettext_lazy("Code shown by the app"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def with_password(view: Callable[[HttpRequest], Answer]) -> Callable[[HttpRequest], HttpResponse]:
    """Let in whoever has given the password and still has to set up a second factor, too."""

    @never_cache
    @wraps(view)
    def respond(request: HttpRequest) -> HttpResponse:
        site = cast(DeskSite, admin.site)
        if not site.has_password(request) or stage_of(request) is Stage.CODE:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        AxesProxyHandler.update_request(request)
        credentials = {"username": user_of(request).get_username()}
        if request.method == "POST" and attempt_of(request, credentials).locked_until():
            return too_many_failures(request, None, credentials)
        answer = view(request)
        return answer if isinstance(answer, HttpResponse) else answer.as_html(request)

    return respond


def second_factor_view(request: HttpRequest) -> Answer:
    return _manage(request) if device_of(user_of(request)) else _set_up(request)


def _set_up(request: HttpRequest) -> Answer:
    form = SetUpForm(request.POST or None, initial={"username": user_of(request).get_username()})
    if form.is_valid() and _is_confirmed(request, form):
        codes, reason = finish_setup(request, form.cleaned_data["code"])
        if not reason:
            return _codes_page(codes)
        form.add_error("code", reason)
    device = begin_setup(user_of(request))
    picture = BytesIO()
    write_qrcode_image(device.config_url, picture)
    context = {
        "qr": b64encode(picture.getvalue()).decode(),
        "key": key_text(device),
        "is_needed": needs_second_factor(user_of(request)),
    }
    return PageResponse("account/set_up.html", _("Set up a second factor"), context, form=form)


def _manage(request: HttpRequest) -> Answer:
    user = user_of(request)
    is_needed = needs_second_factor(user)
    form = ConfirmForm(request.POST or None, initial={"username": user.get_username()})
    if form.is_valid() and _is_confirmed(request, form):
        if "_codes" in request.POST:
            return _codes_page(new_recovery_codes(user))
        if "_off" in request.POST and not is_needed:
            remove_second_factor(user, but=request.session.session_key)
            return Redirect(reverse("account"), _("The second factor is off."))
    context = {"is_needed": is_needed, "codes_left": recovery_codes_left(user)}
    return PageResponse("account/second_factor.html", _("Second factor"), context, form=form)


def _codes_page(codes: list[str]) -> PageResponse:
    return PageResponse("account/recovery_codes.html", _("Your recovery codes"), {"codes": codes})


def _is_confirmed(request: HttpRequest, form: forms.Form) -> bool:
    user = user_of(request)
    if user.check_password(form.cleaned_data["password"]):
        return True
    record_failure(request, attempt_of(request, {"username": user.get_username()}), WRONG_PASSWORD)
    form.add_error("password", _("This is not your password."))
    return False
