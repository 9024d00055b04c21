"""Download the log of an entry or a live blog, for its editors."""

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, re_path

from updates.exchange.log_export import FORMATS, format_log, log_of
from updates.models import Entry, Event
from updates.permissions import check_may_manage
from updates.types import user_of

from .base import assigned_event
from .responses import desk_view


def log_pattern(model: type[Model]) -> URLPattern:
    """Return the URL of the log, for the admin of entries or of live blogs."""
    view = entry_log_view if model is Entry else event_log_view
    formats = "|".join(FORMATS)
    name = f"updates_{model._meta.model_name}_log"
    return re_path(rf"^(?P<pk>[0-9]+)/log\.(?P<form>{formats})$", desk_view(view), name=name)


def event_log_view(request: HttpRequest, pk: str, form: str) -> HttpResponse:
    return _download(request, assigned_event(request, pk), None, form)


def entry_log_view(request: HttpRequest, pk: str, form: str) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.visible_to(user_of(request)), pk=pk)
    return _download(request, entry.event, entry, form)


def _download(request: HttpRequest, event: Event, entry: Entry | None, form: str) -> HttpResponse:
    check_may_manage(user_of(request), event)
    response = HttpResponse(format_log(log_of(event, entry), form), content_type=FORMATS[form])
    name = f"{event.slug}-{entry.public_id}" if entry else event.slug
    response["Content-Disposition"] = f'attachment; filename="{name}-log.{form}"'
    return response
