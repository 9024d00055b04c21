"""The list of updates, and who sees what of it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import F
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from updates.admin.desk.filters import number, post_address
from updates.admin.desk.preview import Preview
from updates.admin.log_download import log_pattern
from updates.admin.row_actions.published import row_actions
from updates.admin.row_actions.unpublished import waits_for
from updates.admin.site_permissions import works_here
from updates.choices import EntryStatus
from updates.models import Entry, Event, display_name
from updates.permissions import may_change, may_see, remember_roles
from updates.types import user_of
from updates.zones import zone_named

from .history import History
from .last_action import Delivery
from .moderation import Moderation
from .review import Review
from .time import EntryTime


class States(admin.ChoicesFieldListFilter):
    """With “All” for what is at work or out: what was put away has to be asked for."""

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        asked = "status__exact" in self.used_parameters
        return super().queryset(request, queryset if asked else queryset.exclude(status=EntryStatus.DISCARDED))


class OwnEvents(admin.RelatedFieldListFilter):
    """Live blogs of the person who looks."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        return [(event.pk, event.title) for event in Event.objects.of(user_of(request))]


@admin.register(Entry)
class EntryAdmin(Delivery, Moderation, Review, History, EntryTime, Preview):
    list_display = ["time", "named", "state", "writer", "key", "pinned", "actions_here"]
    list_display_links = ["named"]
    list_select_related = ["event", "author", "revision"]
    list_filter = [("event", OwnEvents), ("status", States)]
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50
    search_fields = ["headline", "title"]
    change_list_template = "admin/updates/entry/change_list.html"

    def get_urls(self) -> list[Any]:
        return [log_pattern(Entry), *super().get_urls()]

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> Any:
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

    def get_ordering(self, request: HttpRequest) -> Any:
        """What is at work on top, then the newest. The order counts within one live blog only; a list of several
        goes by the time."""
        by = "order" if "event__id__exact" in request.GET else "published_at"
        return [F(by).desc(nulls_first=True), F("saved_at").desc(nulls_last=True)]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The rows know what may be done to them: whoever looks is unknown where columns are drawn."""
        changes: ChangeList = super().get_changelist_instance(request)
        rows = list(changes.result_list)
        remember_roles(user_of(request), [row.event for row in rows])
        for row in rows:
            row.offered = {"actions": row_actions(request.user, row), "back": request.get_full_path()}
        changes.result_list = rows
        return changes

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"back": request.get_full_path(), "post_address": self._post_address(request)}
        return super().changelist_view(request, context | (extra_context or {}))

    def _post_address(self, request: HttpRequest) -> str:
        """“Post an update” goes to the live blog that the list shows."""
        return post_address(number(request.GET.get("event__id__exact", "")))

    @admin.display(description=_("time"), ordering="published_at")
    def time(self, entry: Entry) -> str:
        """When it was published, will be, or was last worked on."""
        moment = entry.published_at or entry.scheduled_at or entry.saved_at
        if moment is None:
            return "–"
        here = timezone.localtime(moment, zone_named(entry.event.time_zone))
        return format_html(
            '<time datetime="{}">{} <b>{}</b></time>',
            moment.isoformat(), date_format(here, "j M"), here.strftime("%H:%M"),
        )  # fmt: skip

    @admin.display(description=_("headline"), ordering="title")
    def named(self, entry: Entry) -> str:
        return entry.title or str(_("Without words yet") if entry.is_unpublished else entry)

    @admin.display(description=_("state"), ordering="status")
    def state(self, entry: Entry) -> str:
        state = format_html('<span data-state="{}">{}</span>', entry.status, entry.get_status_display())
        more = waits_for(entry)
        return format_html('{} <span class="badge">{}</span>', state, more) if more else state

    @admin.display(description=_("author"), ordering="author")
    def writer(self, entry: Entry) -> str:
        return display_name(entry.author)

    @admin.display(description=_("key"), ordering="is_key", empty_value="")
    def key(self, entry: Entry) -> str | None:
        return _("Key event") if entry.is_key else None

    @admin.display(description=_("pinned"), ordering="is_pinned", empty_value="")
    def pinned(self, entry: Entry) -> str | None:
        return _("Pinned") if entry.is_pinned else None

    @admin.display(description=_("actions"))
    def actions_here(self, entry: Any) -> SafeString:
        return render_to_string("admin/updates/entry/_actions.html", entry.offered | {"title": entry.title})
