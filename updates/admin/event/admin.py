"""The list of live blogs, and the addresses of all pages about one of them."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, re_path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.admin.base import FieldSets, OperationAdmin
from updates.admin.desk.details_panel import panel_view
from updates.admin.desk.filters import desk_address, list_address
from updates.admin.desk.pulse import pulse_view
from updates.admin.desk.timeline import changes_view, timeline_view
from updates.admin.desk.views import discard_copy_view, event_desk_view
from updates.admin.first_account import first_account_view
from updates.admin.log_download import log_pattern
from updates.admin.one_time_link import Welcome, link_view
from updates.admin.pictures import preview_view
from updates.admin.responses import desk_view
from updates.admin.session_recovery import session_view
from updates.admin.share import manifest_view, share_draft_view, share_view, share_worker_view
from updates.admin.site_permissions import creates_events, works_here
from updates.models import Event
from updates.models.event import EventQuerySet
from updates.permissions import may_moderate, may_see_desk
from updates.types import user_of

from .details import change_view, create_view
from .embedding import embed_view
from .form import FIELDSETS
from .link_lookup import link_lookup_view
from .new import new_view
from .people import people_view
from .report import report_csv_view, report_view
from .state import BUTTONS, state_view
from .uploads import pictures_view
from .webhooks import event_webhooks_view, site_webhooks_view, webhook_view


@admin.register(Event)
class EventAdmin(OperationAdmin):
    list_display = ["title", "state", "update_count", "links"]
    list_filter = ["status"]
    search_fields = ["title", "slug"]
    change_form_template = "admin/updates/event/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        kinds = "|".join(BUTTONS)
        admin_view = self.admin_site.admin_view
        return [
            path("add/", desk_view(create_view), name="updates_event_add"),
            path("new/", desk_view(new_view), name="updates_event_new"),
            path("<path:pk>/change/", desk_view(change_view), name="updates_event_change"),
            path("<int:pk>/people/", desk_view(people_view), name="updates_event_people"),
            path("<int:pk>/webhooks/", desk_view(event_webhooks_view), name="updates_event_webhooks"),
            path("webhooks/", desk_view(site_webhooks_view), name="updates_webhooks"),
            path("webhook/<int:webhook_pk>/", desk_view(webhook_view), name="updates_webhook"),
            path("<int:pk>/desk/", desk_view(event_desk_view), name="updates_event_desk"),
            path("<int:pk>/desk/discard/", desk_view(discard_copy_view), name="updates_event_discard_copy"),
            path("<int:pk>/timeline/", desk_view(timeline_view), name="updates_event_timeline"),
            path("<int:pk>/changes/", desk_view(changes_view), name="updates_event_changes"),
            path("<int:pk>/pulse/", desk_view(pulse_view), name="updates_event_pulse"),
            path("<int:pk>/embed/", desk_view(embed_view), name="updates_event_embed"),
            path("<int:pk>/report/", desk_view(report_view), name="updates_event_report"),
            re_path(
                r"^(?P<pk>[0-9]+)/(?P<figures>report|minutes)\.csv$",
                desk_view(report_csv_view),
                name="updates_event_report_csv",
            ),
            path("<int:pk>/panel/", desk_view(panel_view), name="updates_event_panel"),
            re_path(rf"^(?P<pk>[0-9]+)/state/(?P<kind>{kinds})/$", desk_view(state_view), name="updates_event_state"),
            log_pattern(Event),
            path("<int:pk>/pictures/", admin_view(pictures_view), name="updates_event_pictures"),
            path("<int:pk>/link/", admin_view(link_lookup_view), name="updates_link_lookup"),
            path("picture/<str:public_id>/", admin_view(preview_view), name="updates_picture"),
            path("share/", desk_view(share_view), name="updates_share"),
            path("share/draft/", desk_view(share_draft_view), name="updates_share_draft"),
            path("share/worker.js", desk_view(share_worker_view), name="updates_share_worker"),
            path("desk.webmanifest", desk_view(manifest_view), name="updates_manifest"),
            path("session/", admin_view(session_view), name="updates_session"),
            # Without a login, as are the next two
            path("welcome/first/", first_account_view, name="updates_first_account"),
            path("welcome/", link_view, name="updates_welcome"),
            path(
                "welcome/<uidb64>/password/",
                Welcome.as_view(),
                {"token": Welcome.reset_url_token},
                name="updates_welcome_password",
            ),
            *super().get_urls(),
        ]

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> EventQuerySet:
        return Event.objects.of(user_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return works_here(request) or creates_events(request)

    def has_view_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return self.has_module_permission(request) if obj is None else may_see_desk(user_of(request), obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return creates_events(request)

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return self.has_module_permission(request) if obj is None else may_moderate(user_of(request), obj)

    # The form

    def view_on_site(self, obj: Event) -> str | None:
        return obj.get_absolute_url() if obj.is_public else None

    def form_fieldsets(self, form: forms.BaseForm) -> FieldSets:
        sets = [(name, [field for field in fields if field in form.fields]) for name, fields in FIELDSETS]
        return [(name, {"fields": fields}) for name, fields in sets if fields]

    # The list

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, event: Event) -> str:
        return format_html('<span data-state="{}">{}</span>', event.status, event.get_status_display())

    @admin.display(description=gettext_lazy("updates"), ordering="entry_count")
    def update_count(self, event: Event) -> int:
        return event.entry_count

    @admin.display(description=gettext_lazy("actions"))
    def links(self, event: Event) -> str:
        post = format_html('<a href="{}">{}</a>', desk_address(event.pk), _("Desk"))
        view = format_html('<a href="{}">{}</a>', event.get_absolute_url(), _("View page")) if event.is_public else ""
        every = format_html('<a href="{}">{}</a>', list_address(event), _("Updates"))
        return format_html('<div class="row-actions">{}{}{}</div>', post, every, view)
