"""The log of operations, read-only: who did what, when and why."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from updates.models import Change
from updates.permissions import may_see_desk
from updates.publishing.last_change import actor_name
from updates.rendering.dates import to_the_second
from updates.types import user_of
from updates.zones import zone_named

from .base import OperationAdmin
from .entry.admin import OwnEventsFilter
from .site_permissions import works_here


@admin.register(Change)
class ChangeAdmin(OperationAdmin):
    list_display = ["number", "when", "who", "kind", "named", "reason", "note"]
    list_display_links = ["when"]
    list_select_related = ["event", "entry", "actor"]
    list_filter = [("event", OwnEventsFilter), "kind"]
    list_per_page = 100
    ordering = ["-at", "-desk_seq"]
    fields = ["event", "number", "when", "who", "kind", "named", "reason", "note", "snapshot"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        return Change.objects.visible_to(user_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return works_here(request)

    def has_view_permission(self, request: HttpRequest, obj: Change | None = None) -> bool:
        return works_here(request) if obj is None else may_see_desk(user_of(request), obj.event)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description=_("number"))
    def number(self, change: Change) -> str:
        """Return the number that readers know; changes that only the desk sees have none."""
        return f"#{change.seq}" if change.seq else "–"

    @admin.display(description=_("when"), ordering="at")
    def when(self, change: Change) -> str:
        with timezone.override(zone_named(change.event.time_zone)):
            return to_the_second(change.at)

    @admin.display(description=_("who"), ordering="actor")
    def who(self, change: Change) -> str:
        return actor_name(change.actor)

    @admin.display(description=_("of"))
    def named(self, change: Change) -> str:
        if change.entry is None:
            return change.event.title
        return format_html('<a href="../entry/{}/change/">{}</a>', change.entry_id, change.entry)
