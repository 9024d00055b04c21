"""Finds the user of a desk's socket by the session in the browser's cookie, also again while the socket is open."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import parse_cookie
from django.utils import timezone

from updates.accounts.demo_accounts import open_accounts
from updates.accounts.second_factor import Stage, stage_unverified, verified_sessions
from updates.accounts.second_factor_rule import who_needs_second_factor
from updates.accounts.sessions import has_same_password
from updates.models import Event, UserSession, display_name
from updates.permissions import may_moderate, may_publish, may_see_desk, remember_roles_at
from updates.types import User

LOGGED_OUT = 4401
NOT_ALLOWED = 4403


@dataclass(frozen=True)
class Rejection:
    """The close code and reason of a socket that may not be open."""

    code: int
    reason: str


@dataclass(frozen=True)
class DeskUser:
    """A user who may be at a desk."""

    pk: int
    name: str
    publishes: bool
    """May publish without approval."""
    moderates: bool


def session_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the session key in the cookie; empty without one."""
    cookies = b"; ".join(value for name, value in headers if name == b"cookie").decode("latin-1")
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")


def desk_users(sessions: Collection[str], event_id: int) -> dict[str, DeskUser | Rejection]:
    """Return the user of each session, or why it may not be at the desk. Takes four queries, however many there are."""
    logged_in = _logged_in(sessions)
    event = Event.objects.filter(pk=event_id).first()
    if event is not None:
        remember_roles_at(event, set(logged_in.values()))
    return {session: _at_desk(logged_in.get(session), event) for session in sessions}


def _logged_in(sessions: Collection[str]) -> dict[str, User]:
    """Return users by session key, as Django's ``get_user`` and the admin's ``has_permission`` do for one session."""
    rows = UserSession.objects.filter(session_key__in=sessions, expire_date__gt=timezone.now())
    sessions_data = {row.session_key: row.get_decoded() for row in rows}
    users = open_accounts().in_bulk([data[SESSION_KEY] for data in sessions_data.values() if SESSION_KEY in data])
    verified, needing = verified_sessions(sessions_data), who_needs_second_factor(users.values())
    users_by_key = {key: users.get(int(data.get(SESSION_KEY, 0))) for key, data in sessions_data.items()}
    return {
        key: user
        for key, user in users_by_key.items()
        if user
        and user.is_active
        and has_same_password(user, sessions_data[key].get(HASH_SESSION_KEY, ""))
        and (key in verified or stage_unverified(sessions_data[key], user.pk in needing) is Stage.DONE)
    }


def _at_desk(user: User | None, event: Event | None) -> DeskUser | Rejection:
    if user is None or not user.is_staff:
        return Rejection(LOGGED_OUT, "logged out")
    if event is None or not may_see_desk(user, event):
        return Rejection(NOT_ALLOWED, "not assigned")
    return DeskUser(user.pk, display_name(user), may_publish(user, event), may_moderate(user, event))
