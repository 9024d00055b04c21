"""Looking at what somebody has submitted, and sending it back with a note."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import OperationAdmin, explained, replace_values
from updates.admin.fields import WordsForm
from updates.admin.json_responses import answers_scripts
from updates.admin.row_actions.unpublished import revision_of
from updates.models import Entry
from updates.permissions import check_may_moderate
from updates.publishing import Refused
from updates.publishing.revisions import revision_content
from updates.types import user_of

from .moderation import way_back
from .preview_data import shown


class NoteForm(WordsForm):
    note = forms.CharField(
        label=gettext_lazy("What does it lack?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Its writer sees your note at the desk. It never leaves the desk."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    """What is shown above it: a submission's, or the one of a submitted change."""


class Review(OperationAdmin):
    def get_urls(self) -> list[Any]:
        def view(method: Any) -> Any:
            return self.admin_site.admin_view(method)

        return [
            path("<int:pk>/send-back/", view(self.send_back_view), name="updates_entry_send_back"),
            path("<int:pk>/review/", view(self.review_view), name="updates_entry_review"),
            *super().get_urls(),
        ]

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form of the entry, with the words of the submitted change in it."""
        return HttpResponseRedirect(f"{reverse('admin:updates_entry_change', args=[pk])}?revision=1")

    @answers_scripts
    @explained
    def send_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A submission; of a published entry the submitted change."""
        entry: Entry | None = self.get_queryset(request).select_related("event", "author").filter(pk=pk).first()
        if entry is None:
            raise Http404
        check_may_moderate(user_of(request), entry.event)
        revision = revision_of(entry) if entry.is_published else None
        seen = revision.version if revision else entry.version
        form = NoteForm(request.POST if request.method == "POST" else None, initial={"version": seen})
        if form.is_valid() and _send_back(form, entry, request):
            return HttpResponseRedirect(way_back(request, entry))
        if form.is_bound:
            replace_values(form, version=seen)
        said = revision_content(revision) if revision else None
        context = {"form": form, "shown": shown(entry, said), "event": entry.event, "back": way_back(request, entry)}
        return self.page(request, "entry/send_back.html", _("Send back"), **context)


def _send_back(form: NoteForm, entry: Entry, request: HttpRequest) -> bool:
    send = publishing.send_back_revision if entry.is_published else publishing.send_back
    try:
        send(entry.pk, form.cleaned_data["note"], user_of(request), version=form.cleaned_data["version"])
    except Refused as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Sent back: %s") % entry.title)
    return True
