"""“Your account”: where somebody is logged in, and their latest sign-ins."""

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from updates.accounts.devices import device_name
from updates.accounts.second_factor import device_of
from updates.accounts.sessions import end_sessions, public_id_of, sessions_of
from updates.accounts.sign_ins import sign_ins
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.types import user_of

OWN_LISTED = 20
ALL_LISTED = 200


def account_view(request: HttpRequest) -> Answer:
    user, here = user_of(request), request.session.session_key
    if request.method == "POST":
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
    return PageResponse("account/account.html", _("Your account"), context)


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
