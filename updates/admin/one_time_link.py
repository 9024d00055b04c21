"""The pages of a one-time link, where its owner sets a password and is logged in.

The secret of a link stands behind its ``#``, which browsers send to no server: otherwise it would be in the log of
every proxy. A script posts it, or the person pastes the link.
"""

import re
from typing import Any, Final

from django.contrib import admin
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from updates.accounts.site import start_address
from updates.publishing.first_account import first_account_token, is_first_account_token
from updates.publishing.people import Link, link_tokens
from updates.untyped import Context

from .first_account import LINK

_SECRET: Final = re.compile(r"([A-Za-z0-9_-]{1,32})/([a-z0-9]{1,16}-[a-f0-9]{16,64})/?")
_NO_USER: Final = "0"
_FIRST: Final = "first/"
"""Before the secret of the link with which an installation begins."""


class Welcome(PasswordResetConfirmView):
    """Django's view, which takes the token from the session and runs the password validators."""

    template_name = "admin/updates/welcome.html"
    success_url = lazy(start_address, str)()
    post_reset_login = True
    title = gettext_lazy("Choose a password")
    token_generator = link_tokens

    def get_context_data(self, **more: Any) -> Context:  # Any: as Django has it
        return {**admin.site.each_context(self.request), **super().get_context_data(**more)}


@never_cache
def link_view(request: HttpRequest) -> HttpResponse:
    """Take the secret of a link and keep it in the session, where it is valid. Nobody else gets a session."""
    if request.method != "POST":
        return render(
            request, "admin/updates/one_time_link.html", admin.site.each_context(request) | {"title": _("Welcome")}
        )
    secret = request.POST.get("link", "").strip().rpartition("#")[2]
    if is_first_account_token(secret.removeprefix(_FIRST)):
        request.session[LINK] = secret.removeprefix(_FIRST)
        return redirect("admin:updates_first_account")
    match = _SECRET.fullmatch(secret)
    uid, token = match.groups() if match else (_NO_USER, "")
    if link_tokens.check_token(Welcome().get_user(uid), token):
        request.session[INTERNAL_RESET_SESSION_TOKEN] = token
    return redirect("admin:updates_welcome_password", uid)


def first_account_address() -> str:
    return f"{reverse('admin:updates_welcome')}#{_FIRST}{first_account_token()}"


def link_address(link: Link) -> str:
    return f"{reverse('admin:updates_welcome')}#{link.uid}/{link.token}"
