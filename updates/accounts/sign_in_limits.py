"""How many wrong passwords are allowed, and the record of sign-ins: a handler for django-axes.

Decision 0023 has the reasons for the numbers.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from axes.handlers.base import AxesHandler
from axes.models import AccessFailureLog, AccessLog
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from updates.metrics import SIGN_IN_FAILURES
from updates.types import User

logger = logging.getLogger(__name__)

Rows: TypeAlias = "QuerySet[Any]"  # axes has no types

WINDOW: Final = timedelta(minutes=15)
"""Time in which failures are counted."""

PAIR_LIMIT: Final = 5
"""Failures for one account from one address, since the last success of that pair."""

ADDRESS_LIMIT: Final = 50
"""Failures from one address for any accounts: a newsroom may share one address."""

ACCOUNT_LIMIT: Final = 20
"""Failures for one account from any addresses. Does not stop addresses from which the account signed in lately."""

KNOWN_ADDRESS: Final = timedelta(days=30)
"""How long after a success an address is known for an account."""

WRONG_PASSWORD: Final = "wrong password"  # noqa: S105 – a reason
WRONG_CODE: Final = "wrong code"

LISTED_FOR: Final = timedelta(days=90)
"""How long sign-ins are listed."""


@dataclass(frozen=True)
class Attempt:
    username: str
    address: str | None

    @property
    def failures(self) -> Rows:
        failures: Rows = AccessFailureLog.objects.filter(attempt_time__gt=timezone.now() - WINDOW)
        return failures

    @property
    def successes(self) -> Rows:
        successes: Rows = AccessLog.objects.filter(username=self.username, ip_address=self.address)
        return successes

    def locked_until(self) -> datetime | None:
        """Return when the next attempt is allowed; ``None`` if it is allowed now."""
        return max((end for end in self._ends() if end), default=None)

    def _ends(self) -> Iterator[datetime | None]:
        last_success = self.successes.aggregate(last=Max("attempt_time"))["last"]
        pair = self.failures.filter(username=self.username, ip_address=self.address)
        yield _end(pair.filter(attempt_time__gt=last_success) if last_success else pair, PAIR_LIMIT)
        yield _end(self.failures.filter(ip_address=self.address), ADDRESS_LIMIT)
        if last_success is None or last_success < timezone.now() - KNOWN_ADDRESS:
            yield _end(self.failures.filter(username=self.username), ACCOUNT_LIMIT)


def _end(failures: Rows, limit: int) -> datetime | None:
    """Return when fewer than ``limit`` of these failures will be in the window."""
    newest = failures.order_by("-attempt_time").values_list("attempt_time", flat=True)
    decisive: datetime | None = next(iter(newest[limit - 1 : limit]), None)
    return decisive and decisive + WINDOW


class SignInLimits(AxesHandler):  # type: ignore[misc]  # axes has no types
    """Counts failures in the table of failures itself, so that each limit has a window that moves."""

    def is_locked(self, request: HttpRequest, credentials: Mapping[str, object] | None = None) -> bool:
        return attempt_of(request, credentials or {}).locked_until() is not None

    def user_login_failed(
        self, sender: object, credentials: Mapping[str, object], request: HttpRequest | None = None, **_signal: object
    ) -> None:
        if request is None:
            return
        attempt = attempt_of(request, credentials)
        if request.axes_locked_out:  # type: ignore[attr-defined]
            request.axes_credentials = credentials  # type: ignore[attr-defined]
            logger.warning("Sign-in refused, too many failures: account %r, address %s", *_names(attempt))
            return
        record_failure(request, attempt, WRONG_PASSWORD)

    def user_logged_in(self, sender: object, request: HttpRequest, user: User, **_signal: object) -> None:
        record = _record(request)
        AccessLog.objects.create(username=user.get_username(), **record)
        logger.info("Logged in: account %r, address %s", user.get_username(), record["ip_address"] or "unknown")
        old = timezone.now() - LISTED_FOR
        for table in (AccessLog, AccessFailureLog):
            table.objects.filter(attempt_time__lt=old).delete()

    def reset_attempts(self, *, ip_address: str | None = None, username: str | None = None, **_options: object) -> int:
        """End locks, for the commands ``axes_reset``, ``axes_reset_ip`` and ``axes_reset_username``."""
        filters = {"ip_address": ip_address, "username": username}
        failures = AccessFailureLog.objects.filter(attempt_time__gt=timezone.now() - WINDOW)
        count, _rows = failures.filter(**{name: value for name, value in filters.items() if value}).delete()
        return int(count)


def attempt_of(request: HttpRequest, credentials: Mapping[str, object]) -> Attempt:
    return Attempt(str(credentials.get("username") or ""), request.axes_ip_address)  # type: ignore[attr-defined]


def record_failure(request: HttpRequest, attempt: Attempt, reason: str) -> None:
    """Count a failure and log it in one line, without anything that was typed as a secret."""
    AccessFailureLog.objects.create(username=attempt.username, **_record(request) | {"path_info": reason})
    SIGN_IN_FAILURES.labels(reason).inc()
    logger.warning("Sign-in failed, %s: account %r, address %s", reason, *_names(attempt))


def _names(attempt: Attempt) -> tuple[str, str]:
    return attempt.username, attempt.address or "unknown"


def _record(request: Any) -> dict[str, str | None]:  # Any: axes adds attributes to the request
    return {
        "ip_address": request.axes_ip_address,
        "user_agent": request.axes_user_agent,
        "path_info": request.axes_path_info,
    }
