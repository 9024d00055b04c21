"""Accounts and groups, as Django's admin shows them to superusers, with a bounded search."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from .base import BoundedSearch

admin.site.unregister([User, Group])


@admin.register(User)
class AccountAdmin(BoundedSearch, UserAdmin):  # type: ignore[type-arg]  # generic for mypy alone
    pass


@admin.register(Group)
class AccountGroupAdmin(BoundedSearch, GroupAdmin):
    pass
