"""Who opens a desk's socket: the session of the browser's cookie, asked again and again while the socket is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import parse_cookie

from updates.models import Event, display_name
from updates.permissions import may_moderate, may_publish, may_see_desk

LOGGED_OUT = 4401
NOT_ALLOWED = 4403


@dataclass(frozen=True)
class Refusal:
    code: int
    why: str


@dataclass(frozen=True)
class Guest:
    """Somebody who may sit at a desk."""

    pk: int
    name: str
    publishes: bool
    """Without anybody's approval."""
    moderates: bool


def session_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The session key in the cookie; empty without one."""
    cookies = b"; ".join(value for name, value in headers if name == b"cookie").decode("latin-1")
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")


def guest_of(session: str, event_id: int) -> Guest | Refusal:
    """Runs in a thread. The session's hash is compared too: a new password ends a socket as it does a page."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(session)
    user: Any = get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]
    if not user.is_authenticated or not user.is_staff:
        return Refusal(LOGGED_OUT, "logged out")
    event = Event.objects.filter(pk=event_id).first()
    if event is None or not may_see_desk(user, event):
        return Refusal(NOT_ALLOWED, "not assigned")
    return Guest(user.pk, display_name(user), may_publish(user, event), may_moderate(user, event))


def guests_of(sessions: Iterable[str], event_id: int) -> dict[str, Guest | Refusal]:
    """Whom they belong to by now, or why they may not stay."""
    return {session: guest_of(session, event_id) for session in sessions}
