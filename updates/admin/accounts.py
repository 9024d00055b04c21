"""Accounts and groups, as Django's admin shows them to superusers, with a bounded search."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from updates.types import User

from .base import ListAdmin

IS_DJANGOS_USER = User._meta.label == "auth.User"
"""A project with a user model of its own shows it in the admin as it likes."""

admin.site.unregister([User, Group] if IS_DJANGOS_USER else [Group])


class NewAccountForm(AdminUserCreationForm):  # type: ignore[type-arg]  # generic for mypy alone
    """A new account. Without a name its updates would go out unsigned."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, required=False, help_text=_("Readers see this name below updates.")
    )


class AccountAdmin(ListAdmin, UserAdmin):  # type: ignore[type-arg]  # generic for mypy alone
    add_form = NewAccountForm
    filter_horizontal = ()  # Django's widget has controls without an accessible name, and so do its two date fields
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "usable_password", "password1", "password2")}),
    )

    def save_model(self, request: HttpRequest, obj: User, form: forms.BaseForm, change: bool) -> None:
        """Let a new account log in at the desk; what it may do there is decided for each live blog."""
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)


if IS_DJANGOS_USER:
    admin.site.register(User, AccountAdmin)


@admin.register(Group)
class AccountGroupAdmin(ListAdmin, GroupAdmin):
    filter_horizontal = ()  # as above
