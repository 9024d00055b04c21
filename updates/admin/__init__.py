"""The desk: Django's admin, which writes by operations only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .accounts import AccountAdmin, AccountGroupAdmin
from .byline import PersonAdmin
from .entry.admin import EntryAdmin
from .event.admin import EventAdmin
from .log import ChangeAdmin

__all__ = ["AccountAdmin", "AccountGroupAdmin", "ChangeAdmin", "EntryAdmin", "EventAdmin", "PersonAdmin"]

admin.site.index_title = _("Desk")
