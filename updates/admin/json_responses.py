"""The desk's form as scripts send it: the same view and the same refusals, answered as JSON.

A script that asks for JSON gets one of these::

    {"state": "sent", "said": HTML, "next": address, "entry": {"pk", "id", "status", "version", "change", "address"}}
                                             the address is empty while readers know none
    {"state": "refused", "reason": text, "errors": {field name: [text, …]}, "instead": {field name: value},
     "go_live": bool, "other": HTML, "ways": HTML}
                                             the buttons that are possible now, where the one pressed is not
    {"state": "stranger", "reason": text}        somebody else is logged in by now
    {"state": "login"}, {"state": "token", …}    see ``kept``

``instead`` holds what the form must say from now on: a version, a key, the caption that a file brought.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from updates.models import Entry

from .entry.submit_actions import pressed_in_vain

WRITER = "X-Desk-User"
"""The header by which a script says whose words it sends: what waited on a device goes out under no other name."""

View = Callable[..., HttpResponse]


class Sent(HttpResponseRedirect):
    """On to another page. A script is told instead what has become of which entry."""

    def __init__(self, to: str, entry: Entry) -> None:
        super().__init__(to)
        self.entry = entry


def asks_for_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def answers_scripts(view: View) -> View:
    """Let a view of a form answer scripts, too."""

    @wraps(view)
    def answer(model_admin: Any, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if request.method != "POST" or not asks_for_json(request):
            return view(model_admin, request, *args, **options)
        if request.headers.get(WRITER, str(request.user.pk)) != str(request.user.pk):
            why = _("Somebody else is logged in here by now. Log in with your own name to send what you wrote.")
            return JsonResponse({"state": "stranger", "reason": why}, status=409)
        return _as_json(request, view(model_admin, request, *args, **options))

    return answer


def _as_json(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if isinstance(response, JsonResponse):
        return response
    if isinstance(response, HttpResponseRedirect):
        return _after(request, response)
    status = response.status_code if response.status_code >= 400 else 422
    context: dict[str, Any] = getattr(response, "context_data", None) or {}
    return JsonResponse(_refused(request, context), status=status)


def _after(request: HttpRequest, response: HttpResponseRedirect) -> HttpResponse:
    """What a page would say on top: that it is done, or what refuses it."""
    told = list(messages.get_messages(request))
    refused = [str(message.message) for message in told if message.level >= messages.ERROR]
    if refused:
        return JsonResponse({"state": "refused", "reason": " ".join(refused), "errors": {}}, status=422)
    return JsonResponse(_sent(told, response))


def _sent(told: Iterable[Any], response: HttpResponseRedirect) -> dict[str, Any]:
    said = [conditional_escape(message.message) for message in told]
    entry = response.entry if isinstance(response, Sent) else None
    return {"state": "sent", "said": " ".join(said), "next": response.url, "entry": entry and described(entry)}


def described(entry: Entry) -> dict[str, Any]:
    return {
        "pk": entry.pk,
        "id": entry.public_id,
        "status": entry.status,
        "version": entry.version,
        "change": reverse("admin:updates_entry_change", args=[entry.pk]),
        "address": "" if entry.is_unpublished else entry.get_absolute_url(),
    }


def _refused(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    forms = list(_forms(context))
    general, errors = _errors(forms)
    general += [str(why) for inline in context.get("inline_admin_formsets", ()) for why in _of_all(inline.formset)]
    attempt = context.get("attempt")
    versions = "admin/updates/entry/_versions.html"
    return {
        "state": "refused",
        "reason": " ".join(general) or str(context.get("why", "")),
        "errors": errors,
        "instead": {name: value for form in forms for name, value in _instead(request, form)},
        "go_live": bool(attempt and attempt.can_go_live),
        "other": render_to_string(versions, context, request) if context.get("against") else "",
        "ways": _other_ways(request, context),
    }


def _other_ways(request: HttpRequest, context: dict[str, Any]) -> str:
    if not context.get("attempt"):
        return ""
    form = context["adminform"].form
    if not pressed_in_vain(request.POST, form.ways):
        return ""
    return render_to_string("admin/updates/entry/_ways.html", context | {"form": form}, request)


def _forms(context: dict[str, Any]) -> Iterator[Any]:
    if "adminform" in context:
        yield context["adminform"].form
    elif "form" in context:
        yield context["form"]
    for inline in context.get("inline_admin_formsets", ()):
        yield from inline.formset.forms


def _of_all(formset: Any) -> Iterable[Any]:
    return formset.non_form_errors()  # type: ignore[no-any-return]


def _errors(forms: Iterable[Any]) -> tuple[list[str], dict[str, list[str]]]:
    """What is wrong with the whole, and with each field by the name it was sent under."""
    general: list[str] = []
    by_field: dict[str, list[str]] = {}
    for form in forms:
        for name, problems in form.errors.items():
            said = [str(problem) for problem in problems]
            if name == NON_FIELD_ERRORS:
                general += said
            else:
                by_field[form.add_prefix(name)] = said
    return general, by_field


def _instead(request: HttpRequest, form: Any) -> Iterator[tuple[str, Any]]:
    """Values that the server has put into the form since it was sent."""
    if form.data is request.POST:
        return
    for name in form.fields:
        sent_as = form.add_prefix(name)
        if sent_as in form.data and form.data[sent_as] != request.POST.get(sent_as):
            yield sent_as, form.data[sent_as]
