"""The people of an event: their roles, new accounts, and one-time links to set a password."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from updates.choices import ChangeKind, Role
from updates.content.sanitize import clean_line
from updates.models import Assignment, Change
from updates.permissions import check_may_manage, check_may_reset, may_reset
from updates.types import Actor, User

from .errors import Refused
from .operation import Operation, operation, retried


@retried
def assign(event_id: int, user: User, role: Role, actor: User, *, at: datetime | None = None) -> None:
    """Give somebody a role in an event, or change the role they have."""
    with operation(event_id, actor, at) as running:
        check_may_manage(actor, running.event)
        _check_editor_stays(running, user, role)
        _let_in(user)
        Assignment.objects.update_or_create(event=running.event, user=user, defaults={"role": role})
        running.log_desk(ChangeKind.ASSIGN, user=user.pk, role=role)


def _let_in(user: User) -> None:
    """Let an account log in at the desk: one that was made under “Users” may lack that right."""
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])


@retried
def unassign(event_id: int, user: User, actor: User, *, at: datetime | None = None) -> None:
    with operation(event_id, actor, at) as running:
        check_may_manage(actor, running.event)
        _check_editor_stays(running, user, None)
        if Assignment.objects.filter(event=running.event, user=user).delete()[0]:
            running.log_desk(ChangeKind.UNASSIGN, user=user.pk)


def _check_editor_stays(running: Operation, user: User, role: Role | None) -> None:
    editors = Assignment.objects.filter(event=running.event, role=Role.EDITOR)
    if role != Role.EDITOR and editors.exists() and not editors.exclude(user=user).exists():
        raise Refused(_("A live blog needs at least one editor."))


@dataclass(frozen=True)
class Newcomer:
    """Somebody without an account."""

    username: str
    first_name: str = ""
    last_name: str = ""
    role: Role = Role.CORRESPONDENT


@dataclass(frozen=True)
class Link:
    """The parts of a one-time link's address; nothing of it is stored.

    The link is signed. It expires after ``PASSWORD_RESET_TIMEOUT``, when it sets a password, and when a newer link is
    made for the same person.
    """

    user: User
    uid: str
    token: str


@retried
def invite(event_id: int, newcomer: Newcomer, actor: User, *, at: datetime | None = None) -> Link:
    """Create an account that works at the desk of this event, and the link by which its owner sets a password.

    Raises ``ValidationError`` by field where the username is taken or not allowed.
    """
    with operation(event_id, actor, at) as running:
        check_may_manage(actor, running.event)
        user = get_user_model()(
            username=User.normalize_username(newcomer.username.strip()),  # as the login form does
            first_name=clean_line(newcomer.first_name),
            last_name=clean_line(newcomer.last_name),
            is_staff=True,
        )
        user.set_unusable_password()
        user.full_clean()
        user.save()
        Assignment.objects.create(event=running.event, user=user, role=newcomer.role)
        running.log_desk(ChangeKind.ASSIGN, user=user.pk, role=newcomer.role)
        running.log_desk(ChangeKind.INVITE, user=user.pk, is_new=True)
    return _link(user)


@retried
def make_link(event_id: int, user: User, actor: User, *, at: datetime | None = None) -> Link:
    """Create a link for somebody who cannot log in. The old password works until they set a new one."""
    with operation(event_id, actor, at) as running:
        user = User.objects.get(pk=user.pk)  # its rights may have changed since the caller read it
        check_may_reset(actor, running.event, user)
        running.log_desk(ChangeKind.INVITE, user=user.pk)
    return _link(user)


def _link(user: User) -> Link:
    return Link(user, urlsafe_base64_encode(force_bytes(user.pk)), link_tokens.make_token(user))


class LinkTokens(PasswordResetTokenGenerator):
    """Django's tokens, also signed over the account's newest link in the log, so that an older unused one is void.

    A link is void, too, once its maker may no longer make it: the account was disabled or has gained rights.
    """

    key_salt = "updates.publishing.people"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        newest = _newest_invitation(user)
        state = f"{user.is_active}{user.is_superuser}{newest and newest.pk}"
        return f"{super()._make_hash_value(user, timestamp)}{state}"

    def check_token(self, user: Actor, token: str | None) -> bool:
        if user is None or not super().check_token(user, token):
            return False
        newest = _newest_invitation(user)
        if newest is None or newest.actor is None:
            return False
        return user.is_active and may_reset(newest.actor, newest.event, user)


link_tokens = LinkTokens()


def _newest_invitation(user: User) -> Change | None:
    invitations = Change.objects.filter(kind=ChangeKind.INVITE, snapshot__user=user.pk)
    return invitations.select_related("event", "actor").order_by("-pk").first()
