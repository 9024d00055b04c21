"""The pages with the form of an entry: the desk of a live blog, and an entry that is changed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from updates import publishing
from updates.admin.base import assigned_event, visible_entry
from updates.admin.entry.form import HIGHEST_NUMBER, EntryForm, WritingTask
from updates.admin.entry.initial import entry_values, new_entry_values
from updates.admin.entry.last_action import forget, remember, undo_by_removal, undo_by_version
from updates.admin.entry.outcome import message_of, with_link
from updates.admin.entry.preview_data import entry_preview
from updates.admin.entry.submit_actions import CHANGE
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.admin.row_actions.published import row_actions
from updates.choices import EntryStatus
from updates.models import Entry, Event
from updates.permissions import (
    check_may_edit,
    may_draft,
    may_see,
    may_see_desk,
    remember_roles,
)
from updates.publishing import EntryResult
from updates.types import user_of

from .filters import desk_address, number
from .form_page import form_page


def event_desk_view(request: HttpRequest, pk: int) -> Answer:
    """Show the desk of one live blog, with the form of a new update."""
    return _write(request, WritingTask(written_event(request, pk)))


def add_view(request: HttpRequest) -> Answer:
    """Show the desk of a live blog; without one in the address, a page to choose it."""
    pk = request.GET.get("event")
    return _write(request, WritingTask(written_event(request, pk))) if pk else _choose_event(request)


def change_view(request: HttpRequest, object_id: str, *, correcting: bool = False) -> Answer:
    is_sent = request.method == "POST"
    entry = written_entry(request, object_id) if is_sent else visible_entry(request, object_id)
    remember_roles(user_of(request), [entry.event])
    if entry.is_removed and not is_sent:
        return _read_only_page(request, entry)
    reviewing = "revision" in request.GET
    return _write(request, WritingTask(entry.event, entry, correcting=correcting, reviewing=reviewing))


def correct_view(request: HttpRequest, pk: int) -> Answer:
    """Show the form of an entry with a note to readers on top."""
    return change_view(request, str(pk), correcting=True)


def _write(request: HttpRequest, task: WritingTask) -> Answer:
    return _receive(request, task) if request.method == "POST" else _compose(request, task)


def _compose(request: HttpRequest, task: WritingTask) -> Answer:
    user, entry = user_of(request), task.entry
    if entry is None:
        remember_roles(user, [task.event])
        if not may_draft(user, task.event):
            raise Http404
        initial, blocks = new_entry_values(user)
    else:
        if task.reviewing:
            check_may_edit(user, entry)
        initial, blocks = entry_values(entry, user, reviewing=task.reviewing)
    form = EntryForm(request, task, initial=initial, blocks=blocks)
    return form_page(request, form) if form.actions or entry is None else _read_only_page(request, entry)


def _receive(request: HttpRequest, task: WritingTask) -> Answer:
    """Process a form. The operation checks rights, so that a user who has lost one gets back what they typed."""
    remember_roles(user_of(request), [task.event])
    form = EntryForm(request, task)
    if not form.is_valid():
        return form_page(request, form)
    result = form.submit()
    return form_page(request, form, result) if result.refusal else _redirect(request, form, result)


def _redirect(request: HttpRequest, form: EntryForm, result: EntryResult) -> Redirect:
    before, entry = form.task.entry, result.entry
    was_published = before is not None and before.is_published
    address = _next_address(before, entry)
    if was_published and form.action.name == CHANGE.name and not entry.was_changed:
        return Redirect(address, _("Nothing was changed."), messages.INFO, entry)
    message = message_of(form.action, entry, is_new=result.is_new, was_published=was_published)
    message = _("Corrected:") if form.task.correcting else message
    if before is not None and 0 < before.seq < entry.seq:  # readers had it, and now get it changed
        remember(request, entry, undo_by_version(entry), message)
    elif entry.is_published and result.is_new:
        remember(request, entry, undo_by_removal(entry), message)
    else:
        forget(request)
    return Redirect(address, with_link(message, entry), entry=entry)


def _next_address(before: Entry | None, entry: Entry) -> str:
    if entry.status == EntryStatus.DRAFT:
        return reverse("admin:updates_entry_change", args=[entry.pk])
    # A fragment of its own keeps browsers from carrying that of the form along.
    fragment = f"row-{entry.pk}" if before else "write"
    return f"{desk_address(entry.event_id)}#{fragment}"


def _read_only_page(request: HttpRequest, entry: Entry) -> PageResponse:
    """Show somebody else's entry, or one that was removed."""
    actions = row_actions(user_of(request), entry, besides={"history"})
    context = {"entry": entry, "preview": entry_preview(entry), "event": entry.event, "actions": actions}
    return PageResponse("entry/look.html", str(entry), context | {"back": request.get_full_path()})


def _choose_event(request: HttpRequest) -> PageResponse:
    user = user_of(request)
    own = Event.objects.of(user)
    live, waiting = list(own.now()), list(own.coming_up())
    remember_roles(user, live + waiting)
    context = {
        "live": [event for event in live if may_draft(user, event)],
        "waiting": [event for event in waiting if may_draft(user, event)],
    }
    return PageResponse("entry/choose.html", _("Post an update"), context)


@require_POST
def discard_copy_view(request: HttpRequest, pk: int) -> HttpResponse:
    """For scripts: discard the copy at the desk of a draft that was discarded on a device."""
    event = assigned_event(request, pk)
    key, save_number = request.POST.get("key", ""), min(number(request.POST.get("number", "")) or 0, HIGHEST_NUMBER)
    publishing.discard_copy(event.pk, key, user_of(request), number=save_number)
    return JsonResponse({"state": "sent"})


def written_event(request: HttpRequest, pk: int | str) -> Event:
    """Return the event of a form; rights are checked later. A draft does not exist for those not assigned to it, except
    for its writers: they get back what they typed."""
    user = user_of(request)
    try:
        event = Event.objects.get(pk=pk)
    except (Event.DoesNotExist, ValueError) as error:
        raise Http404 from error
    if event.is_public or may_see_desk(user, event) or Entry.objects.filter(event=event, author=user).exists():
        return event
    raise Http404


def written_entry(request: HttpRequest, pk: str) -> Entry:
    """Return the entry of a form that was sent. A writer who is not assigned any more still gets their words back;
    of somebody else's unpublished entry not even the headline may show."""
    try:
        entry = Entry.objects.select_related("event", "author").get(pk=pk)
    except (Entry.DoesNotExist, ValueError) as error:
        raise Http404 from error
    if entry.author_id != request.user.pk and not may_see(user_of(request), entry):
        raise Http404
    return entry
