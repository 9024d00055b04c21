"""Who works on a live blog, and as what."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import publishing
from ..choices import Role
from ..models import Event
from ..permissions import check_may_manage
from .doors import explained, saying_refusals
from .event_base import EventPages


class AssignForm(forms.Form):
    user: Any = forms.ModelChoiceField(queryset=None, label=gettext_lazy("Person"))
    role = forms.ChoiceField(choices=Role.choices, label=gettext_lazy("Role"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        accounts = get_user_model()._default_manager.all().order_by("username")
        self.fields["user"].queryset = accounts  # type: ignore[attr-defined]


class People(EventPages):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.people_view)
        return [path("<int:pk>/people/", view, name="updates_event_people"), *super().get_urls()]

    @explained
    def people_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = self.asked_event(request, pk)
        check_may_manage(request.user, event)
        form = AssignForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._write(request, event, form.cleaned_data["user"], form.cleaned_data["role"])
            return HttpResponseRedirect(request.path)
        context = {
            "event": event,
            "form": form,
            "roles": Role.choices,
            "people": event.assignments.select_related("user").order_by("user__username"),
        }
        return self.page(request, "event/people.html", _("People"), subtitle=event.title, **context)

    def _write(self, request: HttpRequest, event: Event, user: Any, role: str) -> None:
        leaves = "_unassign" in request.POST
        role_name = _("taken off") if leaves else Role(role).label
        with saying_refusals(request, _("%(who)s: %(role)s") % {"who": user, "role": role_name}):
            if leaves:
                publishing.unassign(event.pk, user, request.user)
            else:
                publishing.assign(event.pk, user, Role(role), request.user)
