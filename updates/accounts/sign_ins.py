"""The list of sign-ins: who, when, from where, and whether it worked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .devices import device_name
from .sign_in_limits import WRONG_CODE


@dataclass(frozen=True)
class SignIn:
    username: str
    at: datetime
    address: str
    device: str
    result: str | Promise
    failed: bool


def sign_ins(username: str | None, limit: int) -> list[SignIn]:
    """Return the newest sign-ins of an account, or of all names that were tried."""
    both = [*_rows(AccessLog, username, limit), *_rows(AccessFailureLog, username, limit)]
    return sorted(both, key=_at, reverse=True)[:limit]


def _rows(table: Any, username: str | None, limit: int) -> Iterator[SignIn]:  # Any: axes has no types
    failed = table is AccessFailureLog
    rows = table.objects.order_by("-attempt_time")
    for row in (rows if username is None else rows.filter(username=username))[:limit]:
        yield SignIn(
            username=row.username or "",
            at=row.attempt_time,
            address=row.ip_address or "",
            device=device_name(row.user_agent),
            result=_result(row.path_info) if failed else _("Logged in"),
            failed=failed,
        )


def _result(reason: str) -> str | Promise:
    return _("Wrong code") if reason == WRONG_CODE else _("Wrong password")


def _at(sign_in: SignIn) -> datetime:
    return sign_in.at
