"""The page of the link with which an installation begins: its owner chooses username, name and password."""

from django import forms
from django.contrib import admin
from django.contrib.auth import login, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from updates.accounts.site import start_address
from updates.publishing import Refused
from updates.publishing.first_account import is_first_account_token, make_first_account
from updates.publishing.people import Newcomer
from updates.types import User
from updates.untyped import Context

from .base import add_errors
from .fields import UnstrippedForm

LINK = "first_account"
"""Name of the link's secret in the session."""


class FirstAccountForm(UnstrippedForm):
    username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=150,
        help_text=gettext_lazy("You log in with it."),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Readers see this name below updates."),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html,
    )
    password_again = forms.CharField(
        label=gettext_lazy("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> Context:
        cleaned = super().clean()
        names = {name: cleaned.get(name, "") for name in ("username", "first_name", "last_name")}
        if "password" not in cleaned:
            return cleaned
        if cleaned["password"] != cleaned.get("password_again"):
            self.add_error("password_again", _("The two passwords differ. Type the same one twice."))
        try:
            password_validation.validate_password(cleaned["password"], User(**names))
        except ValidationError as error:
            self.add_error("password", error)
        return cleaned

    def newcomer(self) -> Newcomer:
        data = self.cleaned_data
        return Newcomer(data["username"], data["first_name"], data["last_name"])


@sensitive_post_parameters()
@never_cache
def first_account_view(request: HttpRequest) -> HttpResponse:
    if not is_first_account_token(str(request.session.get(LINK, ""))):
        return _page(request, None, 404)
    form = FirstAccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            user = make_first_account(form.newcomer(), form.cleaned_data["password"])
        except ValidationError as error:
            add_errors(form, error)
        except Refused:
            return _page(request, None, 404)
        else:
            del request.session[LINK]
            login(request, user)
            return redirect(start_address())
    return _page(request, form)


def _page(request: HttpRequest, form: FirstAccountForm | None, status: int = 200) -> HttpResponse:
    context = admin.site.each_context(request) | {"title": _("Make the first account"), "form": form}
    return render(request, "admin/updates/first_account.html", context, status=status)
