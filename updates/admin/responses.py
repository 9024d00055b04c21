"""Responses of the desk's views: a page for browsers, and the same data as JSON for scripts.

A view returns a ``PageResponse``, a ``Redirect`` or a response of Django's. A script that posts a form and asks for
JSON gets one of these::

    {"state": "sent", "message": HTML, "next": address, "entry": {"pk", "id", "status", "version", "change", "address"}}
                                             the address is empty while readers have none
    {"state": "refused", "reason": text, "errors": {field name: [text, …]}, "instead": {field name: value},
     "go_live": bool, "replaces": text, "choice": bool,
     "other": HTML, "buttons": HTML}
                                             "replaces": value of the button that replaces a newer version, which
                                             "other" shows
                                             "buttons": those that are possible now, if the one pressed is not, or,
                                             with "choice", those that ask something for this one time
    {"state": "stranger", "reason": text}        somebody else is logged in by now
    {"state": "login"}, {"state": "token", …}    see ``session_recovery``

``instead`` holds the values that the form must have from now on: a version, a key, the caption that a file brought.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, TypeAlias

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.models import Entry, Event
from updates.publishing.errors import UNWRITABLE, not_saved
from updates.zones import zone_named

logger = logging.getLogger(__name__)

WRITER = "X-Desk-User"
"""Header with the id of the user who wrote what a script sends: a stored update is not sent under another name."""

NOT_HERE: Final = gettext_lazy(
    "The address may be mistyped, or you are not assigned to this live blog. Ask one of its editors."
)
"""The same for what does not exist and for what somebody may not know of."""

FormSet: TypeAlias = "forms.BaseFormSet[Any]"  # of whatever forms
Context = Mapping[str, object]


@dataclass(frozen=True)
class PageResponse:
    """A page of the desk. Scripts that posted its form get its errors as JSON."""

    template: str
    title: str | Promise
    context: Context = field(default_factory=dict)
    form: forms.BaseForm | None = None
    formsets: Sequence[FormSet] = ()
    status: int = 200
    reason: str = ""
    """Why it was refused, if no form has the reason."""
    go_live: bool = False
    """Whether the form can be sent again with “Go live and publish”."""
    replaces: str = ""
    """Value of the button that replaces the newer version."""
    has_choice: bool = False
    """Whether the buttons that come with it are for this one time."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Templates that are drawn for scripts, by their names in the JSON."""

    def as_html(self, request: HttpRequest) -> HttpResponse:
        context = {**admin.site.each_context(request), "title": self.title, "form": self.form, **self.context}
        response = TemplateResponse(request, f"admin/updates/{self.template}", context, status=self.status)
        with clock_of(self.context.get("event")):
            return response.render()

    def as_json(self, request: HttpRequest) -> JsonResponse:
        all_forms = [self.form] if self.form else []
        all_forms += [form for formset in self.formsets for form in formset.forms]
        general, errors = _errors(all_forms)
        general += [str(error) for formset in self.formsets for error in formset.non_form_errors()]
        body = {
            "state": "refused",
            "reason": " ".join(general) or self.reason,
            "errors": errors,
            "instead": {name: value for form in all_forms for name, value in _replaced_values(request, form)},
            "go_live": self.go_live,
            "replaces": self.replaces,
            "choice": self.has_choice,
            "other": "",
            "buttons": "",
        }
        context = {"form": self.form, **self.context}
        with clock_of(self.context.get("event")):
            drawn = {name: render_to_string(template, context, request) for name, template in self.parts.items()}
        return JsonResponse(body | drawn, status=self.status if self.status >= 400 else 422)


@dataclass(frozen=True)
class Redirect:
    """The response to a form that was processed: the next page, with a message."""

    address: str
    message: str = ""
    level: int = messages.SUCCESS
    entry: Entry | None = None
    """The entry that was written, for scripts."""

    def as_html(self, request: HttpRequest) -> HttpResponse:
        if self.message:
            messages.add_message(request, self.level, self.message)
        return HttpResponseRedirect(self.address)

    def as_json(self, _request: HttpRequest) -> JsonResponse:
        if self.level >= messages.ERROR:
            return JsonResponse({"state": "refused", "reason": self.message, "errors": {}}, status=422)
        entry = self.entry and entry_json(self.entry)
        message = conditional_escape(self.message)
        return JsonResponse({"state": "sent", "message": message, "next": self.address, "entry": entry})


Answer = PageResponse | Redirect | HttpResponse
View = Callable[..., Answer]


def desk_view(view: View) -> Callable[..., HttpResponse]:
    """Wrap a view for its address: only for users who are logged in, refusals as pages, JSON for scripts."""

    @wraps(view)
    def respond(request: HttpRequest, *args: object, **options: object) -> HttpResponse:
        posted_by_script = request.method == "POST" and asks_for_json(request)
        if posted_by_script and request.headers.get(WRITER, str(request.user.pk)) != str(request.user.pk):
            reason = _("Somebody else is now logged in here. Log in with your own account to send what you wrote.")
            return JsonResponse({"state": "stranger", "reason": reason}, status=409)
        answer = _answer(view, request, *args, **options)
        if isinstance(answer, HttpResponse):
            return answer
        return answer.as_json(request) if posted_by_script else answer.as_html(request)

    return admin.site.admin_view(respond)


def clock_of(event: object) -> AbstractContextManager[None]:
    """Show times in a live blog's zone while its page is drawn."""
    return timezone.override(zone_named(event.time_zone)) if isinstance(event, Event) else nullcontext()


def _answer(view: View, request: HttpRequest, *args: object, **options: object) -> Answer:
    """Turn a missing right, a hidden or absent object, or a database that is busy, into a page with the reason."""
    try:
        return view(request, *args, **options)
    except Http404:
        reason = str(NOT_HERE)
        return PageResponse("refused.html", _("There is nothing here"), {"why": reason}, status=404, reason=reason)
    except PermissionDenied as error:
        return PageResponse("refused.html", _("Not allowed"), {"why": str(error)}, status=403, reason=str(error))
    except UNWRITABLE as error:
        if request.method != "POST":
            raise
        logger.warning("Nothing was saved: %s", error)
        why = _("The database is busy, so nothing was saved. Go back and try again: what you typed is still there.")
        why = not_saved(error, why)
        return PageResponse("refused.html", _("Not saved"), {"why": why}, status=503, reason=why)


def page_not_found(request: HttpRequest) -> HttpResponse:
    """Return the page of the desk for an address that does not exist, or not for this user."""
    return PageResponse("not_found.html", _("There is nothing here"), status=404).as_html(request)


def asks_for_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def entry_json(entry: Entry) -> dict[str, object]:
    return {
        "pk": entry.pk,
        "id": entry.public_id,
        "status": entry.status,
        "version": entry.version,
        "change": reverse("admin:updates_entry_change", args=[entry.pk]),
        "address": "" if entry.is_unpublished else entry.get_absolute_url(),
    }


def _errors(all_forms: Sequence[forms.BaseForm]) -> tuple[list[str], dict[str, list[str]]]:
    """Return the general errors, and those of each field by the name under which it was sent."""
    general: list[str] = []
    by_field: dict[str, list[str]] = {}
    for form in all_forms:
        for name, problems in form.errors.items():
            texts = [str(problem) for problem in problems]
            if name == NON_FIELD_ERRORS:
                general += texts
            else:
                by_field[form.add_prefix(name)] = texts
    return general, by_field


def _replaced_values(request: HttpRequest, form: forms.BaseForm) -> Iterator[tuple[str, object]]:
    """Yield the values that the server has put into the form since it was sent."""
    if form.data is request.POST:
        return
    for name in map(form.add_prefix, form.fields):
        if name in form.data and form.data[name] != request.POST.get(name):
            yield name, form.data[name]
