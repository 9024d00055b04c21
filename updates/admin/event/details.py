"""The form of a live blog: create it, or change its details."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from updates import publishing
from updates.admin.base import (
    add_busy,
    add_errors,
    admin_of,
    assigned_event,
    errors_shown_by,
    replace_values,
    status_with,
)
from updates.admin.desk.filters import list_address, post_address
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.models import Event
from updates.permissions import check_may_create_event, may_draft, may_manage, may_moderate, remember_roles
from updates.publishing import NewerVersion, Refused
from updates.publishing.errors import UNWRITABLE
from updates.types import user_of
from updates.untyped import Context

from .form import DetailsForm, Difference, EventForm
from .state import possible_states


def create_view(request: HttpRequest) -> Answer:
    check_may_create_event(user_of(request))
    form = _form(request, None)
    if form.is_valid():
        with errors_shown_by(form):
            event = publishing.create_event(form.details(), user_of(request))
            message = _("“%s” is a draft. Announce it or go live when it is ready.") % event.title
            return Redirect(reverse("admin:updates_event_change", args=[event.pk]), message)
    return _form_page(request, form, None, status=status_with(form))


def change_view(request: HttpRequest, pk: str) -> Answer:
    """Show or save the form. Users who may not change the live blog see its details."""
    event, user = assigned_event(request, pk), user_of(request)
    if request.method == "POST":
        return _save(request, event)
    remember_roles(user, [event])
    if may_moderate(user, event):
        return _form_page(request, _form(request, event), event)
    return PageResponse("event/look.html", event.title, _surroundings(request, event))


def _save(request: HttpRequest, event: Event) -> Answer:
    form = _form(request, event)
    if not form.is_valid():
        return _form_page(request, form, event)
    saved = save_details(request, event, form)
    if isinstance(saved, NotSaved):
        return _form_page(request, form, event, status=saved.status, newer=saved.newer)
    address = reverse("admin:updates_event_change", args=[event.pk])
    return Redirect(address, _("Saved: %s") % form.cleaned_data["title"])


@dataclass(frozen=True)
class NotSaved:
    """Details that were refused. The form has the reasons."""

    status: int = 200
    newer: Sequence[Difference] = ()
    current: Event | None = None
    """The newer version, if that is the reason."""


def save_details(request: HttpRequest, event: Event, form: DetailsForm) -> Event | NotSaved:
    try:
        version = form.cleaned_data["version"]
        return publishing.change_event(event.pk, form.details(), user_of(request), version=version)
    except NewerVersion as error:
        form.add_error(
            None, _("This live blog was changed while you were editing. Save again to replace that change with yours.")
        )
        newer = form.differences(error.current)
        replace_values(form, version=error.current.version)
        return NotSaved(newer=newer, current=error.current)
    except Refused as error:
        form.add_error(None, str(error))
        return NotSaved()
    except ValidationError as error:
        add_errors(form, error)
        return NotSaved()
    except PermissionDenied as error:
        form.add_error(None, str(error))
        return NotSaved(403)
    except UNWRITABLE as error:
        add_busy(form, error)
        return NotSaved(503)


def _form(request: HttpRequest, event: Event | None) -> EventForm:
    user = user_of(request)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    return EventForm(*data, instance=event, actor=user, may_manage=event is None or may_manage(user, event))


def _form_page(
    request: HttpRequest,
    form: EventForm,
    event: Event | None,
    *,
    status: int = 200,
    newer: Sequence[Difference] = (),
) -> HttpResponse:
    title = _("Change live blog") if event else _("New live blog")
    context = _surroundings(request, event) if event else {}
    return admin_of(Event).form_page(request, form, event, status=status, title=title, newer=newer, **context)


def _surroundings(request: HttpRequest, event: Event) -> Context:
    """Return what stands beside the form: the buttons of the state, the links, and the people."""
    user = user_of(request)
    return {
        "event": event,
        "subtitle": event.title,
        "states": possible_states(user, event),
        "post_address": post_address(event.pk) if event.takes_updates and may_draft(user, event) else None,
        "list_address": list_address(event),
        "people_address": reverse("admin:updates_event_people", args=[event.pk]) if may_manage(user, event) else None,
        "people": event.assignments.select_related("user"),
    }
