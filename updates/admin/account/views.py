"""“Your account”: where somebody is logged in, and their latest sign-ins."""

from django import forms
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from updates.accounts.devices import device_name
from updates.accounts.second_factor import device_of
from updates.accounts.sessions import end_sessions, public_id_of, sessions_of
from updates.accounts.sign_ins import sign_ins
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.content.sanitize import clean_line
from updates.types import User, user_of
from updates.untyped import Context

OWN_LISTED = 20
ALL_LISTED = 200


class NameForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy alone
    """The name below updates of an account that has no byline."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)

    class Meta:
        model = User
        fields = ("first_name", "last_name")

    def clean(self) -> Context:
        cleaned: Context = super().clean() or {}
        return cleaned | {name: clean_line(cleaned[name]) for name in self.Meta.fields if name in cleaned}


def account_view(request: HttpRequest) -> Answer:
    user, here = user_of(request), request.session.session_key
    form = NameForm(request.POST if "_name" in request.POST else None, instance=user)
    if form.is_valid():
        form.save()
        return Redirect(reverse("account"), _("Name saved. Your next updates are signed with it."))
    if request.method == "POST" and not form.is_bound:
        return _end(request)
    sessions = [
        {"session": row, "id": public_id_of(row.pk), "device": device_name(row.user_agent), "is_here": row.pk == here}
        for row in sessions_of(user)
    ]
    context = {
        "sessions": sessions,
        "sign_ins": sign_ins(user.get_username(), OWN_LISTED),
        "has_second_factor": device_of(user) is not None,
    }
    return PageResponse("account/account.html", _("Your account"), context, form=form)


def _end(request: HttpRequest) -> Answer:
    """End one session or all others; this one ends by “Log out”."""
    public_id = None if "_others" in request.POST else request.POST.get("session", "")
    count = end_sessions(user_of(request), but=request.session.session_key, public_id=public_id)
    message = ngettext("Ended %(count)d login.", "Ended %(count)d logins.", count) % {"count": count}
    return Redirect(reverse("account"), message)


def sign_ins_view(request: HttpRequest) -> Answer:
    """List everybody's sign-ins, for superusers. To others the page does not exist."""
    if not user_of(request).is_superuser:
        raise Http404
    return PageResponse("account/sign_ins.html", _("Sign-ins"), {"sign_ins": sign_ins(None, ALL_LISTED), "all": True})
