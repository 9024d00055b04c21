"""Who works on a live blog, and as what."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import add_errors, explained, refusals_as_messages
from updates.admin.desk.filters import number
from updates.admin.fields import WordsForm
from updates.admin.password_link import Welcome
from updates.choices import Role
from updates.models import Event
from updates.permissions import check_may_manage, may_reset
from updates.publishing import Link, Newcomer
from updates.types import user_of

from .base import EventPages


class AssignForm(forms.Form):
    user: Any = forms.ModelChoiceField(queryset=None, label=gettext_lazy("Person"))
    role = forms.ChoiceField(choices=Role.choices, label=gettext_lazy("Role"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        accounts = get_user_model()._default_manager.all().order_by("username")
        self.fields["user"].queryset = accounts  # type: ignore[attr-defined]


class InviteForm(WordsForm):
    username = forms.CharField(label=gettext_lazy("Name to log in with"), max_length=150)
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)
    role = forms.ChoiceField(choices=Role.choices, label=gettext_lazy("Role"))


class People(EventPages):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.people_view)
        return [
            path("<int:pk>/people/", view, name="updates_event_people"),
            path("welcome/<uidb64>/<token>/", Welcome.as_view(), name="updates_welcome"),  # nobody is logged in there
            *super().get_urls(),
        ]

    @explained
    def people_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = self.asked_event(request, pk)
        check_may_manage(user_of(request), event)
        invites = "_invite" in request.POST
        invite = InviteForm(request.POST if invites else None, auto_id="invite_%s")
        form = AssignForm(request.POST if request.method == "POST" and not invites else None)
        link = None
        if invites and invite.is_valid():
            link = self._invite(event, invite, request)
        elif "_link" in request.POST:
            link = publishing.make_link(event.pk, self._member(event, request.POST.get("user", "")), user_of(request))
            form = AssignForm()
        elif form.is_valid():
            self._write(request, event, form.cleaned_data["user"], form.cleaned_data["role"])
            return HttpResponseRedirect(request.path)
        context = {
            "event": event,
            "form": form,
            "invite": InviteForm(auto_id="invite_%s") if link else invite,
            "link": link,
            "address": link and request.build_absolute_uri(_address(link)),
            "roles": Role.choices,
            "people": [
                (assignment, may_reset(user_of(request), event, assignment.user))
                for assignment in event.assignments.select_related("user").order_by("user__username")
            ],
        }
        return self.page(request, "event/people.html", _("People"), subtitle=event.title, **context)

    def _invite(self, event: Event, form: InviteForm, request: HttpRequest) -> Link | None:
        try:
            return publishing.invite(event.pk, Newcomer(**form.cleaned_data), user_of(request))
        except ValidationError as error:
            add_errors(form, error)
            return None

    def _member(self, event: Event, pk: str) -> Any:
        """Only those who work here: an account elsewhere is no matter of this page."""
        members = event.assignments.select_related("user")
        assignment = members.filter(user=number(pk)).first()
        if assignment is None:
            raise Http404
        return assignment.user

    def _write(self, request: HttpRequest, event: Event, user: Any, role: str) -> None:
        leaves = "_unassign" in request.POST
        role_name = _("taken off") if leaves else Role(role).label
        with refusals_as_messages(request, _("%(who)s: %(role)s") % {"who": user, "role": role_name}):
            if leaves:
                publishing.unassign(event.pk, user, user_of(request))
            else:
                publishing.assign(event.pk, user, Role(role), user_of(request))


def _address(link: Link) -> str:
    return reverse("admin:updates_welcome", args=[link.uid, link.token])
