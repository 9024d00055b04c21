"""Sessions: Django's, in a table that also shows its owner where and when each was used.

A session ends 12 hours after its last request and 14 days after its login. A desk that is open follows the live blog
with requests of its own, so it is in use.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, cast

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from updates.models import UserSession
from updates.publishing.errors import UNWRITABLE
from updates.types import User
from updates.untyped import JSONObject

from .addresses import client_address

logger = logging.getLogger(__name__)

IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=14)

SEEN_EVERY: Final = timedelta(minutes=1)
"""How exact ``last_seen`` is, so that not every request writes."""

_SIGN_IN: Final = "sign_in"


class SessionStore(DatabaseStore):
    """The ``SESSION_ENGINE``: sessions in the database, with user, device and last use."""

    row: UserSession | None = None
    """As it was read for this request."""

    @classmethod
    def get_model_class(cls) -> type[UserSession]:
        return UserSession

    def _get_session_from_db(self) -> UserSession | None:
        self.row = super()._get_session_from_db()  # type: ignore[misc]  # django-stubs lacks it
        return self.row

    def save(self, must_create: bool = False) -> None:
        """Save the session and let errors of the database through. Django takes each of them for a session that was
        deleted, and answers a post that has been stored with 400, which the desk shows as a refusal."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, UNWRITABLE):
                raise error.__context__ from None
            raise

    def create_model_instance(self, data: JSONObject) -> UserSession:
        now = timezone.now()
        row = cast(UserSession, super().create_model_instance(data))
        row.expire_date = now + IDLE
        if SESSION_KEY in data:
            sign_in = data.get(_SIGN_IN, {})
            row.user_id = int(data[SESSION_KEY])
            row.signed_in_at = datetime.fromisoformat(sign_in["at"]) if sign_in else now
            row.address, row.user_agent = sign_in.get("address"), sign_in.get("user_agent", "")
            row.last_seen = now
            row.expire_date = _end(row, now)
        return row


@receiver(user_logged_in, dispatch_uid="updates.accounts.sessions")
def _note_sign_in(request: HttpRequest, **_signal: object) -> None:
    agent = request.META.get("HTTP_USER_AGENT", "").replace("\0", "")[:255]
    at = timezone.now().isoformat()
    request.session[_SIGN_IN] = {"at": at, "address": client_address(request), "user_agent": agent}
    UserSession.objects.filter(expire_date__lt=timezone.now()).delete()


class LastSeen:
    """Middleware that notes the last request of a session, once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        row = getattr(request.session, "row", None)  # absent where nobody asked for the session: a reader's page
        now = timezone.now()
        if row and row.last_seen and row.last_seen < now - SEEN_EVERY:
            try:
                UserSession.objects.filter(pk=row.pk).update(last_seen=now, expire_date=_end(row, now))
            except DatabaseError as error:
                logger.warning("The last request of a session could not be noted: %s", error)
        return response


def _end(row: UserSession, now: datetime) -> datetime:
    return min(now + IDLE, (row.signed_in_at or now) + LONGEST)


def sessions_of(user: User) -> list[UserSession]:
    """Return the sessions that are logged in, the last used first. A new password has ended those before it."""
    rows = UserSession.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-last_seen")
    return [row for row in rows if has_same_password(user, row.get_decoded().get(HASH_SESSION_KEY, ""))]


def end_sessions(user: User, *, but: str | None = None, public_id: str | None = None) -> int:
    """End the session ``public_id`` of a user, or all but the one with the key ``but``; without either, all."""
    rows = [row.pk for row in UserSession.objects.filter(user=user) if row.pk != but]
    return UserSession.objects.filter(pk__in=[pk for pk in rows if public_id in (None, public_id_of(pk))]).delete()[0]


def public_id_of(key: str) -> str:
    """Return a name for a session that pages may show; its key is a secret."""
    return sha256(key.encode()).hexdigest()[:32]


def has_same_password(user: User, session_hash: str) -> bool:
    """Return whether the password is the one of the login: a new one ends sockets as it ends sessions."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session_hash, each) for each in hashes)
