"""Who works on an event."""

from datetime import datetime

from django.utils.translation import gettext as _

from updates.choices import ChangeKind, Role
from updates.models import Assignment
from updates.permissions import check_may_manage
from updates.types import User

from .errors import Refused
from .operation import Operation, operation, retried


@retried
def assign(event_id: int, user: User, role: Role, actor: User, *, at: datetime | None = None) -> None:
    """Give somebody a role in an event, or another than they had."""
    with operation(event_id, actor, at) as running:
        check_may_manage(actor, running.event)
        _check_editor_stays(running, user, role)
        Assignment.objects.update_or_create(event=running.event, user=user, defaults={"role": role})
        running.desk_changed(ChangeKind.ASSIGN, user=user.pk, role=role)


@retried
def unassign(event_id: int, user: User, actor: User, *, at: datetime | None = None) -> None:
    with operation(event_id, actor, at) as running:
        check_may_manage(actor, running.event)
        _check_editor_stays(running, user, None)
        if Assignment.objects.filter(event=running.event, user=user).delete()[0]:
            running.desk_changed(ChangeKind.UNASSIGN, user=user.pk)


def _check_editor_stays(running: Operation, user: User, role: Role | None) -> None:
    editors = Assignment.objects.filter(event=running.event, role=Role.EDITOR)
    if role != Role.EDITOR and editors.exists() and not editors.exclude(user=user).exists():
        raise Refused(_("A live blog keeps at least one editor."))
