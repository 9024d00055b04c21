"""What readers will see of an update that is being written: cleaned and drawn as all are, and stored nowhere."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language_info
from django.views.decorators.http import require_POST

from updates.admin.base import add_errors, explained
from updates.admin.entry.form import EntryForm
from updates.admin.entry.submit_actions import CLARIFICATION
from updates.admin.json_responses import answers_scripts, asks_for_json
from updates.models import Entry, Event
from updates.permissions import check_may_see_desk, may_upload
from updates.publishing import EntryContent
from updates.publishing.content_mapping import desk_content
from updates.publishing.draft_content import clean_draft
from updates.rendering import draw_entry, in_words_of
from updates.types import user_of

from .views import Desk

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)
"""No script at all: what is not published yet is looked at, not run."""


class Preview(Desk):
    """An address of the desk's, for whoever may write there; readers have none."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.preview_view))
        return [path("preview/", view, name="updates_entry_preview"), *super().get_urls()]

    @answers_scripts
    @explained
    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The page, or the form with what is wrong in it; scripts get either as JSON."""
        entry, event = self._shown_as(request)
        check_may_see_desk(user_of(request), event)
        form = EntryForm(
            request.POST, event=event, entry=entry, actor=request.user, correcting="note_is" in request.POST
        )
        pairs = self._blocks(request, event, may_upload=may_upload(user_of(request), event), takes_unfinished=True)
        formsets = [formset for formset, _inline in pairs]
        if not all([form.is_valid(), *(formset.is_valid() for formset in formsets)]):
            return self._page(request, event, entry, form, pairs)
        try:
            content = clean_draft(form.content(formsets))
        except ValidationError as error:
            add_errors(form, error)
            return self._page(request, event, entry, form, pairs)
        writer: Any = request.user
        return _preview(request, _imagined(event, entry or Entry(author=writer), content, form))

    def _shown_as(self, request: HttpRequest) -> tuple[Entry | None, Event]:
        """What is being written, and where."""
        if "entry" in request.GET:
            entry = self._own_or_seen(request, request.GET["entry"])
            return entry, entry.event
        event = self._asked_event(request.GET.get("event", ""))
        if event is None:
            raise Http404
        return None, event


def _imagined(event: Event, entry: Entry, content: EntryContent, form: EntryForm) -> Entry:
    """The entry as it would be. It is changed in memory only."""
    entry.event = event
    now = timezone.now()
    entry.published_at = entry.published_at or form.cleaned_data.get("when") or now
    entry.is_key, entry.title = content.is_key, content.headline
    entry.content = desk_content(entry, content)
    if note := form.cleaned_data.get("correction"):
        clarifies = form.cleaned_data.get("note_is") == CLARIFICATION
        told = {"at": now.isoformat(), "note": note} | ({"clarifies": True} if clarifies else {})
        entry.content["corrections"] = [*entry.content["corrections"], told]
    for image in _images(entry.content):
        if not image["renditions"]:
            image["at_desk"] = reverse("admin:updates_picture", args=[image["id"]])
    return entry


def _images(content: dict[str, Any]) -> list[dict[str, Any]]:
    found = [block.get("image") or block.get("poster") for block in content["blocks"]]
    found += [by["photo"] for by in content["bylines"]]
    return [image for image in found if image]


def _preview(request: HttpRequest, entry: Entry) -> HttpResponse:
    with in_words_of(entry.event):
        context = {
            "event": entry.event,
            "article": draw_entry(entry),
            "language": entry.event.language,
            "direction": "rtl" if get_language_info(entry.event.language)["bidi"] else "ltr",
        }
        html = render_to_string("admin/updates/desk/preview.html", context)
    if asks_for_json(request):
        return JsonResponse({"state": "sent", "html": html})
    answer = HttpResponse(html)
    answer["Content-Security-Policy"] = POLICY
    return answer
