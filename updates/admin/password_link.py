"""The page of a one-time link, where its owner sets a password and is logged in."""

from django.contrib import admin
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from updates.publishing.people import link_tokens
from updates.untyped import Context


class Welcome(PasswordResetConfirmView):
    """Django's view, which checks the token, removes it from the address, and runs the password validators."""

    template_name = "admin/updates/welcome.html"
    success_url = reverse_lazy("admin:index")
    post_reset_login = True
    title = _("Choose a password")
    token_generator = link_tokens

    def get_context_data(self, **more: object) -> Context:
        return {**admin.site.each_context(self.request), **super().get_context_data(**more)}
