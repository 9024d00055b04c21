"""The desk: the form for a new update, or for one that is out, and beside it the timeline."""

from collections.abc import Mapping, Sequence
from typing import Any

from content_editor.admin import ContentEditor
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from updates.admin.base import OperationAdmin, explained
from updates.admin.blocks import BLOCK_INLINES, BlockFormSet, BlockInline, initial_blocks
from updates.admin.entry.conflict import against
from updates.admin.entry.form import Attempt, EntryForm, send
from updates.admin.entry.initial import fresh_values, my_drafts, values_of
from updates.admin.entry.last_action import remember, way_to_earlier
from updates.admin.entry.outcome import naming, said_of
from updates.admin.entry.preview_data import shown
from updates.admin.entry.submit_actions import CHANGE, Way, chosen_way
from updates.admin.json_responses import Sent, answers_scripts
from updates.admin.row_actions.published import row_actions
from updates.choices import EntryStatus
from updates.models import Entry, Event
from updates.permissions import (
    check_may_draft,
    check_may_edit,
    may_draft,
    may_see,
    may_see_desk,
    may_upload,
    remember_roles,
)
from updates.signals import desk_opened
from updates.types import user_of

from .details_panel import panel_context
from .filters import desk_address
from .timeline import timeline_context

Pairs = Sequence[tuple[BlockFormSet, BlockInline]]


class Desk(OperationAdmin, ContentEditor):  # type: ignore[misc]
    """Answers “add” and “change” of entries."""

    inlines = BLOCK_INLINES
    change_form_template = "admin/updates/entry/change_form.html"

    @answers_scripts
    @explained
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
        *,
        correcting: bool = False,
    ) -> HttpResponse:
        """``correcting`` asks for a note to readers, on top of the form."""
        if object_id is None:
            event = self._asked_event(request.GET.get("event", ""))
            return self._new(request, event) if event else self._choose_event(request)
        if request.method == "POST":
            entry = self._own_or_seen(request, object_id)
            return self._receive(request, entry.event, entry, correcting=correcting)
        entry = self._asked_entry(request, object_id)
        remember_roles(user_of(request), [entry.event])
        if entry.is_removed:
            return self._look(request, entry)
        return self._compose(request, entry.event, entry, correcting=correcting)

    def get_urls(self) -> list[Any]:
        correct = self.admin_site.admin_view(self.correct_view)
        return [path("<int:pk>/correct/", correct, name="updates_entry_correct"), *super().get_urls()]

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.changeform_view(request, str(pk), correcting=True)

    @answers_scripts
    @explained
    def desk_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The desk of one live blog, ready for a new update."""
        return self._new(request, self._asked_event(str(pk)) or Event())

    def _new(self, request: HttpRequest, event: Event) -> HttpResponse:
        return self._receive(request, event) if request.method == "POST" else self._compose(request, event)

    # Asking for the form

    def _compose(
        self, request: HttpRequest, event: Event, entry: Entry | None = None, *, correcting: bool = False
    ) -> HttpResponse:
        reviewing = entry is not None and "revision" in request.GET
        if entry is None:
            remember_roles(user_of(request), [event])
            check_may_draft(user_of(request), event)
            initial, blocks = fresh_values(request.user)
        else:
            if reviewing:
                check_may_edit(user_of(request), entry)
            initial, blocks = values_of(entry, request.user, reviewing=reviewing)
        options: dict[str, Any] = {"correcting": correcting, "reviewing": reviewing}
        form = EntryForm(initial=initial, event=event, entry=entry, actor=request.user, **options)
        if not form.ways and entry is not None:
            return self._look(request, entry)
        return self._page(
            request, event, entry, form, self._blocks(request, event, initial=initial_blocks(blocks, event.time_zone))
        )

    def _look(self, request: HttpRequest, entry: Entry) -> HttpResponse:
        """Somebody else's entry, or one that was removed."""
        actions = row_actions(request.user, entry, besides={"history"})
        context = {"entry": entry, "shown": shown(entry), "event": entry.event, "actions": actions}
        return self.page(request, "entry/look.html", str(entry), back=request.get_full_path(), **context)

    # Taking it back

    def _receive(
        self, request: HttpRequest, event: Event, entry: Entry | None = None, *, correcting: bool = False
    ) -> HttpResponse:
        """No right is asked before the operation asks: a form is answered with what was typed, whatever became
        of the writer's rights meanwhile."""
        remember_roles(user_of(request), [event])
        reviewing = entry is not None and "revision" in request.GET
        options: dict[str, Any] = {"correcting": correcting, "reviewing": reviewing}
        form = EntryForm(request.POST, event=event, entry=entry, actor=request.user, **options)
        way = chosen_way(request.POST, form.ways)
        may_add = may_upload(user_of(request), event)
        pairs = self._blocks(request, event, may_upload=may_add, takes_unfinished=way.takes_unfinished)
        formsets = [formset for formset, _inline in pairs]
        valid = [form.is_valid(), *(formset.is_valid() for formset in formsets)]
        if not all(valid):
            return self._page(request, event, entry, form, pairs)
        attempt = send(form, formsets, way, event, request.user, go_live="_go_live" in request.POST)
        if attempt.entry is None:
            return self._page(request, event, entry, form, pairs, attempt)
        return self._sent(request, form, way, attempt.entry, is_new=attempt.is_new)

    def _sent(self, request: HttpRequest, form: EntryForm, way: Way, entry: Entry, *, is_new: bool) -> HttpResponse:
        if form.entry is not None and form.entry.is_published and way.name == CHANGE.name and not entry.was_changed:
            messages.info(request, _("Nothing was changed."))
        else:
            if form.entry is not None and 0 < form.entry.seq < entry.seq:  # readers had it, and have it otherwise now
                remember(request, entry, way_to_earlier(entry))
            said = said_of(way, entry, is_new=is_new, was_published=bool(form.entry and form.entry.is_published))
            messages.success(request, naming(_("Corrected:") if form.correcting else said, entry))
        if entry.status == EntryStatus.DRAFT:
            return Sent(reverse("admin:updates_entry_change", args=[entry.pk]), entry)
        if form.entry is None:
            # A fragment of its own keeps browsers from carrying that of the form along.
            return Sent(f"{desk_address(entry.event_id)}#write", entry)
        return Sent(f"{desk_address(entry.event_id)}#row-{entry.pk}", entry)

    # Both

    def _blocks(
        self,
        request: HttpRequest,
        event: Event,
        *,
        initial: Mapping[str, Any] | None = None,
        may_upload: bool = False,
        takes_unfinished: bool = False,
    ) -> Pairs:
        sent: dict[str, Any] = {"data": request.POST, "files": request.FILES} if initial is None else {}
        of_forms: dict[str, Any] = {"actor": request.user if may_upload else None, "unfinished": takes_unfinished}
        of_forms["zone"] = event.time_zone
        options = sent | {"instance": Entry(), "form_kwargs": of_forms}
        pairs = []
        for formset_class, inline in self.get_formsets_with_inlines(request):
            values = (initial or {}).get(inline.kind)
            pairs.append((formset_class(initial=values, prefix=inline.kind, **options), inline))
        return pairs

    def _page(
        self,
        request: HttpRequest,
        event: Event,
        entry: Entry | None,
        form: EntryForm,
        pairs: Pairs,
        attempt: Attempt | None = None,
    ) -> HttpResponse:
        attempt = attempt or Attempt()
        known = may_see_desk(user_of(request), event)  # whoever is assigned no longer learns no title
        if known:
            desk_opened.send(Event, event_id=event.pk)
        beside: dict[str, Any] = {"event": None}
        if known:
            beside = timeline_context(request, event, entry) | panel_context(request, event)
        return self.form_page(
            request,
            form,
            entry,
            blocks=pairs,
            status=attempt.status,
            title=form.purpose,
            original=entry if known or entry is None else _only_what_was_sent(entry, form),
            subtitle=event.title if known else None,
            attempt=attempt,
            against=against(attempt, entry),
            actions=row_actions(request.user, entry, besides=form.offers) if entry and known else [],
            back=request.get_full_path(),
            kinds=[inline for _formset, inline in pairs],
            mine=my_drafts(request.user, event) if known and entry is None else [],
            revision=getattr(entry, "revision", None) if entry and known else None,
            form_address="" if entry or not known else desk_address(event.pk),
            **beside,
        )

    def _asked_event(self, asked: str) -> Event | None:
        if not asked:
            return None
        try:
            return Event.objects.get(pk=asked)
        except (Event.DoesNotExist, ValueError) as error:
            raise Http404 from error

    def _asked_entry(self, request: HttpRequest, object_id: str) -> Entry:
        """Looking is for those who are assigned; a writer who was taken off meanwhile still gets their words back."""
        entries = Entry.objects.all() if request.method == "POST" else self.get_queryset(request)
        try:
            return entries.select_related("event", "author").get(pk=object_id)
        except (Entry.DoesNotExist, ValueError) as error:
            raise Http404 from error

    def _own_or_seen(self, request: HttpRequest, object_id: str) -> Entry:
        """For a form that comes back: of somebody else's entry that is not out not even its headline may show."""
        entry = self._asked_entry(request, object_id)
        if entry.author_id != request.user.pk and not may_see(user_of(request), entry):
            raise Http404
        return entry

    def _choose_event(self, request: HttpRequest) -> HttpResponse:
        mine = Event.objects.of(user_of(request))
        live, waiting = list(mine.now()), list(mine.coming_up())
        remember_roles(user_of(request), live + waiting)
        context = {
            "live": [event for event in live if may_draft(user_of(request), event)],
            "waiting": [event for event in waiting if may_draft(user_of(request), event)],
        }
        return self.page(request, "entry/choose.html", _("Post an update"), **context)


def _only_what_was_sent(entry: Entry, form: EntryForm) -> Entry:
    """Stands for an entry in the page's frame, which names it, where its present state is none of the reader's."""
    return Entry(event=entry.event, author_id=entry.author_id, headline=form["headline"].value() or "")
