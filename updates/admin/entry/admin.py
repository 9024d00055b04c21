"""The list of updates, and the addresses of all pages about one of them."""

from typing import Any, Protocol

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.admin.base import AnyModelAdmin, OperationAdmin
from updates.admin.blocks import BLOCK_INLINES
from updates.admin.desk.filters import number, post_address
from updates.admin.desk.preview import preview_view
from updates.admin.desk.views import add_view, change_view, correct_view
from updates.admin.log_download import log_pattern
from updates.admin.responses import desk_view
from updates.admin.row_actions.published import ACTIONS, row_actions
from updates.admin.row_actions.unpublished import state_badge
from updates.admin.row_actions.views import action_view
from updates.admin.site_permissions import works_here
from updates.choices import EntryStatus
from updates.models import Entry, Event, display_name
from updates.models.entry import EntryQuerySet
from updates.permissions import may_change, may_see, remember_roles
from updates.rendering import dates
from updates.types import user_of
from updates.untyped import Context
from updates.zones import zone_named

from .history import history_view, version_view
from .last_action import delivered_view
from .move import move_view
from .review import review_view, send_back_view
from .time import time_view
from .whole_content import content_view


class ListedEntry(Protocol):
    """An entry of the list, with the context of its actions."""

    title: str
    offered: Context


class StatusFilter(admin.ChoicesFieldListFilter):
    """“All” leaves out what was discarded, which has to be selected."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry] | None:
        if "status__exact" not in self.used_parameters:
            queryset = queryset.exclude(status=EntryStatus.DISCARDED)
        return super().queryset(request, queryset)


class OwnEventsFilter(admin.RelatedFieldListFilter):
    """Offers the user's own live blogs."""

    def field_choices(
        self, field: object, request: HttpRequest, model_admin: AnyModelAdmin
    ) -> Any:  # Django's type of labels has no public name
        return [(str(event.pk), event.title) for event in Event.objects.of(user_of(request))]


@admin.register(Entry)
class EntryAdmin(OperationAdmin):
    inlines = BLOCK_INLINES
    change_form_template = "admin/updates/entry/change_form.html"
    list_display = ["time", "named", "state", "writer", "key", "pinned", "actions_here"]
    list_display_links = ["named"]
    list_select_related = ["event", "author", "revision"]
    list_filter = [("event", OwnEventsFilter), ("status", StatusFilter)]
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50
    search_fields = ["headline", "title"]
    change_list_template = "admin/updates/entry/change_list.html"

    @property
    def media(self) -> forms.Media:
        """Leave out all of Django's scripts: the desk has its own."""
        return forms.Media()

    def get_urls(self) -> list[URLPattern]:
        actions = [
            path(f"<int:pk>/{name}/", desk_view(action_view), {"name": name}, name=f"updates_entry_{name}")
            for name, action in ACTIONS.items()
            if action.run
        ]
        return [
            path("add/", desk_view(add_view), name="updates_entry_add"),
            path("<path:object_id>/change/", desk_view(change_view), name="updates_entry_change"),
            path("<int:pk>/correct/", desk_view(correct_view), name="updates_entry_correct"),
            path("preview/", desk_view(preview_view), name="updates_entry_preview"),
            path("<int:pk>/content/", desk_view(content_view), name="updates_entry_content"),
            path("<int:pk>/time/", desk_view(time_view), name="updates_entry_time"),
            path("<int:pk>/move/", desk_view(move_view), name="updates_entry_move"),
            path("<int:pk>/review/", desk_view(review_view), name="updates_entry_review"),
            path("<int:pk>/send-back/", desk_view(send_back_view), name="updates_entry_send_back"),
            path("<path:object_id>/history/", desk_view(history_view), name="updates_entry_history"),
            path("<int:pk>/versions/<int:desk_seq>/", desk_view(version_view), name="updates_entry_version"),
            path("delivered/<int:event_pk>/<int:seq>/", desk_view(delivered_view), name="updates_entry_delivered"),
            log_pattern(Entry),
            *actions,
            *super().get_urls(),
        ]

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> EntryQuerySet:
        return Entry.objects.visible_to(user_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return works_here(request)

    def has_view_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return works_here(request) if obj is None else may_see(user_of(request), obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return works_here(request)

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return works_here(request) if obj is None else may_change(user_of(request), obj)

    # The list

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        """Unpublished updates first, then the newest. A list of several live blogs is sorted by time, as the order
        counts within one only."""
        by = "order" if "event__id__exact" in request.GET else "published_at"
        return [F(by).desc(nulls_first=True), F("saved_at").desc(nulls_last=True)]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Attach the actions to the rows, as the user is unknown where columns are drawn."""
        changes: ChangeList = super().get_changelist_instance(request)
        rows = list(changes.result_list)
        remember_roles(user_of(request), [row.event for row in rows])
        for row in rows:
            row.offered = {"actions": row_actions(user_of(request), row), "back": request.get_full_path()}
        changes.result_list = rows
        return changes

    def changelist_view(self, request: HttpRequest, extra_context: Context | None = None) -> HttpResponse:
        event_id = number(request.GET.get("event__id__exact", ""))  # the live blog that the list shows
        context = {"back": request.get_full_path(), "post_address": post_address(event_id)}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=gettext_lazy("time"), ordering="published_at")
    def time(self, entry: Entry) -> str:
        """When it was or will be published, or was last saved."""
        moment = entry.published_at or entry.scheduled_at or entry.saved_at
        if moment is None:
            return "–"
        with timezone.override(zone_named(entry.event.time_zone)):
            day, clock = dates.short_day(moment), dates.clock(moment)
        return format_html('<time datetime="{}">{} <b>{}</b></time>', moment.isoformat(), day, clock)

    @admin.display(description=gettext_lazy("headline"), ordering="title")
    def named(self, entry: Entry) -> str:
        return entry.title or str(_("No text yet") if entry.is_unpublished else entry)

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, entry: Entry) -> str:
        state = format_html('<span data-state="{}">{}</span>', entry.status, entry.get_status_display())
        badge = state_badge(entry)
        return format_html('{} <span class="badge">{}</span>', state, badge) if badge else state

    @admin.display(description=gettext_lazy("author"), ordering="author")
    def writer(self, entry: Entry) -> str:
        return display_name(entry.author)

    @admin.display(description=gettext_lazy("key"), ordering="is_key", empty_value="")
    def key(self, entry: Entry) -> str | None:
        return _("Key event") if entry.is_key else None

    @admin.display(description=gettext_lazy("pinned"), ordering="is_pinned", empty_value="")
    def pinned(self, entry: Entry) -> str | None:
        return _("Pinned") if entry.is_pinned else None

    @admin.display(description=gettext_lazy("actions"))
    def actions_here(self, entry: ListedEntry) -> SafeString:
        return render_to_string("admin/updates/entry/_actions.html", entry.offered | {"title": entry.title})
