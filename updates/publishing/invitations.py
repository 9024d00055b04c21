"""New people, and people who have lost their password: a link that works once, to be handed over by an editor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from ..choices import ChangeKind, Role
from ..content.sanitize import clean_line
from ..models import Assignment
from ..permissions import check_may_manage, check_may_reset
from .log import operation, retried


@dataclass(frozen=True)
class Newcomer:
    """Somebody without an account."""

    username: str
    first_name: str = ""
    last_name: str = ""
    role: Role = Role.CORRESPONDENT


@dataclass(frozen=True)
class Link:
    """What the address of a one-time link is made of. It is signed, ends after ``PASSWORD_RESET_TIMEOUT``, and with the
    password that is set by it; nothing of it is stored."""

    user: Any
    uid: str
    token: str


@retried
def invite(event_id: int, newcomer: Newcomer, actor: Any, *, at: datetime | None = None) -> Link:
    """Make an account that works at the desk of this event, and the link by which its owner sets a password.

    Raises ``ValidationError`` by field where the name is taken or cannot be.
    """
    with operation(event_id, actor, at) as running:
        check_may_manage(actor, running.event)
        user: Any = get_user_model()(
            username=newcomer.username.strip(),
            first_name=clean_line(newcomer.first_name),
            last_name=clean_line(newcomer.last_name),
            is_staff=True,
        )
        user.set_unusable_password()
        user.full_clean()
        user.save()
        Assignment.objects.create(event=running.event, user=user, role=newcomer.role)
        running.desk_changed(ChangeKind.ASSIGN, user=user.pk, role=newcomer.role)
        running.desk_changed(ChangeKind.INVITE, user=user.pk)
    return _link(user)


@retried
def make_link(event_id: int, user: Any, actor: Any, *, at: datetime | None = None) -> Link:
    """A link for somebody who cannot log in any more. Their password holds until they set another."""
    with operation(event_id, actor, at) as running:
        check_may_reset(actor, running.event, user)
        running.desk_changed(ChangeKind.INVITE, user=user.pk)
    return _link(user)


def _link(user: Any) -> Link:
    return Link(user, urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user))
