"""The desk: Django's admin, with operations in the place of its own writing."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .accounts import AccountAdmin, AccountGroupAdmin
from .byline import PersonAdmin
from .entry.admin import EntryAdmin
from .event.admin import EventAdmin
from .log import ChangeAdmin

__all__ = ["AccountAdmin", "AccountGroupAdmin", "ChangeAdmin", "EntryAdmin", "EventAdmin", "PersonAdmin"]

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Desk")
admin.site.enable_nav_sidebar = False  # the width belongs to what is written
