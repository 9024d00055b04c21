"""The log of an entry, or of a live blog, as a file: for its editors."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import re_path

from updates.exchange.log_export import FORMATS, log_of, written
from updates.models import Entry, Event
from updates.permissions import check_may_manage
from updates.types import user_of

from .base import OperationAdmin, explained


class LogDownload(OperationAdmin):
    """For the admins of entries and of events, whose rows have the log in question."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.log_view)
        name = f"updates_{self.opts.model_name}_log"
        forms = "|".join(FORMATS)
        return [re_path(rf"^(?P<pk>[0-9]+)/log\.(?P<form>{forms})$", view, name=name), *super().get_urls()]

    @explained
    def log_view(self, request: HttpRequest, pk: str, form: str) -> HttpResponse:
        row: Entry | Event | None = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        event, entry = (row.event, row) if isinstance(row, Entry) else (row, None)
        check_may_manage(user_of(request), event)
        response = HttpResponse(written(log_of(event, entry), form), content_type=FORMATS[form])
        name = f"{event.slug}-{entry.public_id}" if entry else event.slug
        response["Content-Disposition"] = f'attachment; filename="{name}-log.{form}"'
        return response
