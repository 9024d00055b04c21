"""Sending a submission, or a submitted change, back to its writer with a note."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import replace_values, visible_entry
from updates.admin.fields import UnstrippedForm
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.admin.row_actions.unpublished import revision_of
from updates.admin.row_actions.views import back_address
from updates.models import Entry
from updates.permissions import check_may_moderate
from updates.publishing import Refused
from updates.publishing.revisions import revision_content
from updates.types import User, user_of

from .preview_data import entry_preview


class NoteForm(UnstrippedForm):
    note = forms.CharField(
        label=gettext_lazy("What needs to change?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The author sees your note at the desk. Readers never see it."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    """Version of the submission, or of the submitted change, on the page."""


def review_view(_request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to the form of the entry with the submitted change in it."""
    return redirect(f"{reverse('admin:updates_entry_change', args=[pk])}?revision=1")


def send_back_view(request: HttpRequest, pk: int) -> Answer:
    """Send back a submission; of a published entry the submitted change."""
    entry, user = visible_entry(request, pk), user_of(request)
    check_may_moderate(user, entry.event)
    revision = revision_of(entry) if entry.is_published else None
    version = revision.version if revision else entry.version
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"version": version})
    if form.is_valid() and _send_back(form, entry, user):
        return Redirect(back_address(request, entry), _("Sent back: %s") % entry.title)
    if form.is_bound:
        replace_values(form, version=version)
    content = revision_content(revision) if revision else None
    context = {"preview": entry_preview(entry, content), "event": entry.event, "back": back_address(request, entry)}
    return PageResponse("entry/send_back.html", _("Send back"), context, form)


def _send_back(form: NoteForm, entry: Entry, user: User) -> bool:
    send = publishing.send_back_revision if entry.is_published else publishing.send_back
    try:
        send(entry.pk, form.cleaned_data["note"], user, version=form.cleaned_data["version"])
    except Refused as error:
        form.add_error(None, str(error))
        return False
    return True
