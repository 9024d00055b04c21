"""New people, and people who have lost their password: a link that works once, to be handed over by an editor."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from updates.choices import ChangeKind, Role
from updates.content.sanitize import clean_line
from updates.models import Assignment, Change
from updates.permissions import check_may_manage, check_may_reset, may_reset
from updates.types import Actor, User

from .operation import operation, retried


@dataclass(frozen=True)
class Newcomer:
    """Somebody without an account."""

    username: str
    first_name: str = ""
    last_name: str = ""
    role: Role = Role.CORRESPONDENT


@dataclass(frozen=True)
class Link:
    """What the address of a one-time link is made of. It is signed; it ends after ``PASSWORD_RESET_TIMEOUT``, with the
    password that is set by it, and with the next link for the same person. Nothing of it is stored."""

    user: User
    uid: str
    token: str


class LinkTokens(PasswordResetTokenGenerator):
    """Django's, and signed over the newest link that the log knows of: an earlier one that nobody used is void.

    So is one that would not be made any more: the account may have come to open more since, or to be shut.
    """

    key_salt = "updates.publishing.invitations"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        newest = _newest(user)
        state = f"{user.is_active}{user.is_superuser}{newest and newest.pk}"
        return f"{super()._make_hash_value(user, timestamp)}{state}"

    def check_token(self, user: Actor, token: str | None) -> bool:
        if user is None or not super().check_token(user, token):
            return False
        newest = _newest(user)
        return (
            newest is not None
            and newest.actor is not None
            and user.is_active
            and may_reset(newest.actor, newest.event, user)
        )


def _newest(user: User) -> Change | None:
    given = Change.objects.filter(kind=ChangeKind.INVITE, snapshot__user=user.pk)
    return given.select_related("event", "actor").order_by("-pk").first()


link_tokens = LinkTokens()


@retried
def invite(event_id: int, newcomer: Newcomer, actor: User, *, at: datetime | None = None) -> Link:
    """Make an account that works at the desk of this event, and the link by which its owner sets a password.

    Raises ``ValidationError`` by field where the name is taken or cannot be.
    """
    with operation(event_id, actor, at) as running:
        check_may_manage(actor, running.event)
        user: User = get_user_model()(
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
def make_link(event_id: int, user: User, actor: User, *, at: datetime | None = None) -> Link:
    """A link for somebody who cannot log in any more. Their password holds until they set another."""
    with operation(event_id, actor, at) as running:
        check_may_reset(actor, running.event, user)
        running.desk_changed(ChangeKind.INVITE, user=user.pk)
    return _link(user)


def _link(user: User) -> Link:
    return Link(user, urlsafe_base64_encode(force_bytes(user.pk)), link_tokens.make_token(user))
