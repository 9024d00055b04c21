"""The buttons in an entry's row and on its page. Each is a POST of its own and works without a script."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseNotAllowed
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.admin.base import text_of, visible_entry
from updates.admin.desk.filters import list_address, number
from updates.admin.entry.last_action import remember, undo_of
from updates.admin.entry.preview_data import entry_preview
from updates.admin.fields import UnstrippedForm
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.models import Entry
from updates.permissions import check_may_remove
from updates.publishing import Refused
from updates.publishing.last_change import last_change_sentence
from updates.types import user_of

from .action import Details, RowAction
from .published import ACTIONS


class RemovalForm(UnstrippedForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For the desk only. It stays in the log."),
    )  # fmt: skip
    reader_note = forms.CharField(
        label=gettext_lazy("Note to readers"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown instead of the update. Leave empty to show nothing."),
    )  # fmt: skip


def action_view(request: HttpRequest, pk: int, name: str) -> Answer:
    action, entry = ACTIONS[name], visible_entry(request, pk)
    if action.asks:
        return _ask_to_remove(request, action, entry)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    details = {"pinned": "pinned" in request.POST, "version": number(request.GET.get("version", "")) or 0}
    return _run(request, action, entry, details)


def _ask_to_remove(request: HttpRequest, action: RowAction, entry: Entry) -> Answer:
    check_may_remove(user_of(request), entry)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _run(request, action, entry, form.cleaned_data)
    context = {"preview": entry_preview(entry), "event": entry.event, "back": back_address(request, entry)}
    return PageResponse("entry/remove.html", _("Remove update"), context, form)


def _run(request: HttpRequest, action: RowAction, entry: Entry, details: Details) -> Redirect:
    """Run an action. If somebody was quicker, nothing is done, and the message says who did it."""
    back, undo = back_address(request, entry), undo_of(action.name, entry)
    try:
        done = action.operate(entry.pk, user_of(request), details)
    except (Refused, ValidationError) as error:
        return Redirect(back, text_of(error), messages.ERROR)
    if not done.was_changed:
        return Redirect(back, _already_done(action, done), messages.WARNING)
    remember(request, done, undo)
    return Redirect(back, str(action.done) % entry.title)


def _already_done(action: RowAction, entry: Entry) -> str:
    title, first = entry.title, last_change_sentence(entry, *action.kinds)
    return _("Nothing was changed, because “%(title)s” is already like this: %(first)s") % {
        "title": title,
        "first": first,
    }


def back_address(request: HttpRequest, entry: Entry) -> str:
    """Return the page on which the button was pressed; otherwise the event's list."""
    address = request.POST.get("back") or request.GET.get("back") or ""
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return list_address(entry.event)
