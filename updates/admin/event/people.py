"""The page for the people of a live blog: roles, invitations, and one-time links."""

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import add_errors, assigned_event, refusals_as_messages
from updates.admin.desk.filters import number
from updates.admin.fields import UnstrippedForm
from updates.admin.one_time_link import link_address
from updates.admin.responses import Answer, PageResponse
from updates.choices import Role
from updates.models import Event
from updates.permissions import check_may_manage, may_reset
from updates.publishing.people import Link, Newcomer, invite, make_link
from updates.site_address import site_address
from updates.types import User, user_of
from updates.untyped import Context


class AssignForm(forms.Form):
    user = forms.ModelChoiceField(queryset=get_user_model().objects.order_by("username"), label=gettext_lazy("Person"))
    role = forms.ChoiceField(choices=Role.choices, label=gettext_lazy("Role"))


class InviteForm(UnstrippedForm):
    username = forms.CharField(label=gettext_lazy("Username"), max_length=150)
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)
    role = forms.ChoiceField(choices=Role.choices, label=gettext_lazy("Role"))


def people_view(request: HttpRequest, pk: int) -> Answer:
    event, user = assigned_event(request, pk), user_of(request)
    check_may_manage(user, event)
    invites = "_invite" in request.POST
    invite = InviteForm(request.POST if invites else None, auto_id="invite_%s")
    form = AssignForm(request.POST if request.method == "POST" and not invites else None)
    link = None
    if invites and invite.is_valid():
        link = _invite(event, invite, user)
    elif "_link" in request.POST:
        link = make_link(event.pk, _member(event, request.POST.get("user", "")), user)
        form = AssignForm()
    elif form.is_valid():
        _assign_or_unassign(request, event, form.cleaned_data["user"], form.cleaned_data["role"])
        return HttpResponseRedirect(request.path)
    context = _context(request, event, link) | {"invite": InviteForm(auto_id="invite_%s") if link else invite}
    return PageResponse("event/people.html", _("People"), context, form=form)


def _context(request: HttpRequest, event: Event, link: Link | None) -> Context:
    assignments = event.assignments.select_related("user").order_by("user__username")
    address = link and link_address(link)
    return {
        "event": event,
        "subtitle": event.title,
        "link": link,
        "address": address and site_address(request) + address,
        "roles": Role.choices,
        "people": [(assignment, may_reset(user_of(request), event, assignment.user)) for assignment in assignments],
    }


def _invite(event: Event, form: InviteForm, actor: User) -> Link | None:
    try:
        return invite(event.pk, Newcomer(**form.cleaned_data), actor)
    except ValidationError as error:
        add_errors(form, error)
        return None


def _member(event: Event, pk: str) -> User:
    """Return somebody assigned to this live blog; any other account is a 404."""
    assignment = event.assignments.select_related("user").filter(user=number(pk)).first()
    if assignment is None:
        raise Http404
    return assignment.user


def _assign_or_unassign(request: HttpRequest, event: Event, user: User, role: str) -> None:
    leaves = "_unassign" in request.POST
    role_name = _("removed from this live blog") if leaves else Role(role).label
    with refusals_as_messages(request, _("%(who)s: %(role)s") % {"who": user, "role": role_name}):
        if leaves:
            publishing.unassign(event.pk, user, user_of(request))
        else:
            publishing.assign(event.pk, user, Role(role), user_of(request))
