"""The preview of an update that is being written: cleaned and drawn like any other, and not stored."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from updates.admin.base import add_errors
from updates.admin.entry.form import CLARIFICATION, EntryForm, WritingTask
from updates.admin.responses import Answer, asks_for_json
from updates.models import Entry
from updates.permissions import may_see_desk
from updates.publishing import EntryContent
from updates.publishing.content_mapping import desk_content
from updates.publishing.draft_content import clean_draft
from updates.rendering import content_direction, content_language, draw_entry, in_words_of
from updates.untyped import Context

from .form_page import form_page
from .views import written_entry, written_event

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)
"""Policy without scripts, since unpublished content is not trusted."""


@require_POST
def preview_view(request: HttpRequest) -> Answer:
    """Return the page, or the form with its errors; scripts get either as JSON."""
    form = EntryForm(request, _task(request), takes_unfinished=True)
    if not may_see_desk(form.user, form.task.event):
        raise Http404
    if not form.is_valid():
        return form_page(request, form)
    try:
        content = clean_draft(form.content())
    except ValidationError as error:
        add_errors(form, error)
        return form_page(request, form)
    return _preview(request, _imagined(form, content))


def _task(request: HttpRequest) -> WritingTask:
    correcting = "note_is" in request.POST
    if "entry" in request.GET:
        entry = written_entry(request, request.GET["entry"])
        return WritingTask(entry.event, entry, correcting=correcting)
    return WritingTask(written_event(request, request.GET.get("event", "")), correcting=correcting)


def _imagined(form: EntryForm, content: EntryContent) -> Entry:
    """Return the entry as it would be published, changed in memory only."""
    entry, cleaned, now = form.task.entry or Entry(author=form.user), form.cleaned_data, timezone.now()
    entry.event = form.task.event
    entry.published_at = entry.published_at or cleaned.get("when") or now
    entry.is_key, entry.title = content.is_key, content.headline
    entry.content = desk_content(entry, content)
    if note := cleaned.get("correction"):
        correction = {"at": now.isoformat(), "note": note}
        correction |= {"clarifies": True} if cleaned.get("note_is") == CLARIFICATION else {}
        entry.content["corrections"] = [*entry.content["corrections"], correction]
    for image in _images(entry.content):
        if not image["renditions"]:
            image["at_desk"] = reverse("admin:updates_picture", args=[image["id"]])
    return entry


def _images(content: Context) -> list[Context]:
    images = [block.get("image") or block.get("poster") for block in content["blocks"]]
    images += [by["photo"] for by in content["bylines"]]
    return [image for image in images if image]


def _preview(request: HttpRequest, entry: Entry) -> HttpResponse:
    with in_words_of(entry.event):
        context = {
            "event": entry.event,
            "article": draw_entry(entry),
            "language": content_language(),
            "direction": content_direction(),
        }
        html = render_to_string("admin/updates/desk/preview.html", context)
    if asks_for_json(request):
        return JsonResponse({"state": "sent", "html": html})
    return HttpResponse(html, headers={"Content-Security-Policy": POLICY})
