"""Live blogs: the list, and the form of one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import add_busy, add_errors, explained, replace_values
from updates.admin.desk.details_panel import PanelPages
from updates.admin.desk.filters import desk_address
from updates.admin.desk.pages import DeskPages
from updates.admin.desk.timeline import TimelinePages
from updates.admin.desk.views import list_address, post_address
from updates.admin.log_download import LogDownload
from updates.admin.pictures import Previews
from updates.admin.session_recovery import Sessions
from updates.admin.site_permissions import creates_events, works_here
from updates.models import Event
from updates.permissions import (
    check_may_create_event,
    may_draft,
    may_manage,
    may_moderate,
    may_see_desk,
    remember_roles,
)
from updates.publishing import NewerVersion, Refused
from updates.types import user_of

from .form import FIELDSETS, EventForm
from .people import People
from .state import States, possible_states
from .uploads import Uploads


@admin.register(Event)
class EventAdmin(DeskPages, PanelPages, TimelinePages, States, People, Previews, Uploads, Sessions, LogDownload):
    list_display = ["title", "state", "entry_count", "head", "links"]
    list_filter = ["status"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ("title",)}
    change_form_template = "admin/updates/event/change_form.html"

    # Who sees what

    def has_module_permission(self, request: HttpRequest) -> bool:
        return works_here(request) or creates_events(request)

    def has_view_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return self.has_module_permission(request) if obj is None else may_see_desk(user_of(request), obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return creates_events(request)

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return self.has_module_permission(request) if obj is None else may_moderate(user_of(request), obj)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Event | None = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def view_on_site(self, obj: Event) -> str | None:
        return obj.get_absolute_url() if obj.is_public else None

    # The list

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, event: Event) -> str:
        return format_html('<span data-state="{}">{}</span>', event.status, event.get_status_display())

    @admin.display(description=gettext_lazy("actions"))
    def links(self, event: Any) -> str:
        post = format_html('<a href="{}">{}</a>', desk_address(event.pk), _("Desk"))
        view = format_html('<a href="{}">{}</a>', event.get_absolute_url(), _("View page")) if event.is_public else ""
        every = format_html('<a href="{}">{}</a>', list_address(event), _("Updates"))
        return format_html('<div class="row-actions">{}{}{}</div>', post, every, view)

    # The form

    def form_fieldsets(self, form: forms.BaseForm) -> list[tuple[Any, Any]]:
        sets = [(name, [field for field in fields if field in form.fields]) for name, fields in FIELDSETS]
        return [(name, {"fields": fields}) for name, fields in sets if fields]

    @explained
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        if object_id is None:
            check_may_create_event(user_of(request))
            return self._create(request)
        event = self.asked_event(request, object_id)
        if request.method == "POST":
            return self._change(request, event)
        remember_roles(user_of(request), [event])
        if may_moderate(user_of(request), event):
            return self._page(request, self._form(request, event), event)
        return self.page(request, "event/look.html", event.title, **self._around(request, event))

    def _create(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request, None)
        if not form.is_valid():
            return self._page(request, form, None)
        try:
            event = publishing.create_event(form.details(), user_of(request))
        except ValidationError as error:
            add_errors(form, error)
            return self._page(request, form, None)
        except OperationalError as error:
            add_busy(form, error)
            return self._page(request, form, None, status=503)
        messages.success(request, _("“%s” is a draft. Announce it or go live when it is ready.") % event.title)
        return HttpResponseRedirect(reverse("admin:updates_event_change", args=[event.pk]))

    def _change(self, request: HttpRequest, event: Event) -> HttpResponse:
        form = self._form(request, event)
        if not form.is_valid():
            return self._page(request, form, event)
        status, newer = 200, []
        try:
            publishing.change_event(event.pk, form.details(), user_of(request), version=form.cleaned_data["version"])
        except ValidationError as error:
            add_errors(form, error)
        except PermissionDenied as error:
            form.add_error(None, str(error))
            status = 403
        except NewerVersion as error:
            form.add_error(None, _("Somebody changed this live blog meanwhile. Save again to keep what you typed."))
            newer = form.differences(error.current)
            replace_values(form, version=error.current.version)
        except Refused as error:
            form.add_error(None, str(error))
        except OperationalError as error:
            add_busy(form, error)
            status = 503
        else:
            messages.success(request, _("Saved: %s") % form.cleaned_data["title"])
            return HttpResponseRedirect(reverse("admin:updates_event_change", args=[event.pk]))
        return self._page(request, form, event, status=status, newer=newer)

    def _form(self, request: HttpRequest, event: Event | None) -> EventForm:
        options: dict[str, Any] = {
            "actor": request.user,
            "may_manage": event is None or may_manage(user_of(request), event),
        }
        if event is not None:
            options["instance"] = event
        return EventForm(request.POST, request.FILES, **options) if request.method == "POST" else EventForm(**options)

    def _page(self, request: HttpRequest, form: EventForm, event: Event | None, **context: Any) -> HttpResponse:
        title = _("Change live blog") if event else _("New live blog")
        return self.form_page(request, form, event, title=title, **context, **self._around(request, event))

    def _around(self, request: HttpRequest, event: Event | None) -> dict[str, Any]:
        """What stands beside the form: the state's buttons and the ways on."""
        if event is None:
            return {}
        manages = may_manage(user_of(request), event)
        return {
            "event": event,
            "subtitle": event.title,
            "states": possible_states(request.user, event),
            "post_address": post_address(event.pk)
            if event.takes_updates and may_draft(user_of(request), event)
            else None,
            "list_address": list_address(event),
            "people_address": reverse("admin:updates_event_people", args=[event.pk]) if manages else None,
            "people": event.assignments.select_related("user"),
        }
