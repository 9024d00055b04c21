"""The whole content of an update, for scripts that unfold it in its row."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from updates.admin.base import visible_entry
from updates.admin.responses import clock_of

from .preview_data import entry_preview


@require_safe
def content_view(request: HttpRequest, pk: int) -> HttpResponse:
    entry = visible_entry(request, pk)
    with clock_of(entry.event):
        html = render_to_string(
            "admin/updates/_content.html", {"preview": entry_preview(entry), "in_row": True}, request
        )
    return HttpResponse(html, headers={"Cache-Control": "no-store"})
