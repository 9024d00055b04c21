"""The second factor: codes of an authenticator app, recovery codes, and whether a session has passed them.

django-otp checks the codes and slows down guessing: after each wrong one it waits twice as long, from a second on.
"""

import secrets
from base64 import b32encode
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models import F
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as verify_session
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from updates.types import User, user_of

from .second_factor_rule import needs_second_factor
from .sessions import end_sessions
from .sign_in_limits import WRONG_CODE, attempt_of, record_failure

RECOVERY_CODES: Final = 10

_PENDING: Final = "code_pending"
"""In a session whose account had a second factor at the login, until a code was accepted."""


class Stage(StrEnum):
    """How far a login has come after the password."""

    CODE = "code"
    SETUP = "setup"
    """The account needs a second factor and has none."""
    DONE = "done"


def stage_of(request: HttpRequest) -> Stage:
    if request.user.is_verified():  # type: ignore[union-attr]  # django-otp adds it
        return Stage.DONE
    return stage_unverified(request.session, needs_second_factor(user_of(request)))


def stage_unverified(session: Mapping[str, object], needs: bool) -> Stage:
    """Return the stage of a session without an accepted code."""
    if session.get(_PENDING):
        return Stage.CODE
    return Stage.SETUP if needs else Stage.DONE


@receiver(user_logged_in, dispatch_uid="updates.accounts.second_factor")
def _note_pending(request: HttpRequest, user: User, **_signal: object) -> None:
    if device_of(user):
        request.session[_PENDING] = True


def device_of(user: User, *, confirmed: bool = True) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=confirmed).first()


def verified_sessions(sessions: Mapping[str, Mapping[str, object]]) -> set[str]:
    """Return the keys of those sessions, given with their data, whose second factor still exists."""
    claims = {key: (data.get(DEVICE_ID_SESSION_KEY), data.get(SESSION_KEY)) for key, data in sessions.items()}
    owners = {owner for device, owner in claims.values() if device}
    devices = TOTPDevice.objects.filter(confirmed=True, user__in=owners) if owners else ()
    confirmed = {(device.persistent_id, str(device.user_id)) for device in devices}
    return {key for key, claim in claims.items() if claim in confirmed}


def check_code(request: HttpRequest, code: str) -> str:
    """Let the session in if the code is right, and return an empty string; else return the reason."""
    user = user_of(request)
    device = device_of(user)
    code = "".join(code.split()).replace("-", "").lower()
    if device is None:
        return _("The second factor was removed. Log in again.")
    with transaction.atomic():
        is_totp = len(code) == device.digits
        problem = _verify(TOTPDevice if is_totp else StaticDevice, user, code if is_totp else _stored(user, code))
    if not problem:
        pass_second_factor(request, device)
    elif problem == WRONG_CODE:
        AxesProxyHandler.update_request(request)
        record_failure(request, attempt_of(request, {"username": user.get_username()}), WRONG_CODE)
        problem = _("This code is wrong. Codes of the app change every 30 seconds; a recovery code works once.")
    return problem


def _verify(kind: type[TOTPDevice] | type[StaticDevice], user: User, token: str) -> str:
    """Return an empty string if the token is right, else the reason. Attempts at the same time wait for each other."""
    device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None:
        return WRONG_CODE
    return _wait_after_wrong_codes(device) or ("" if device.verify_token(token) else WRONG_CODE)


def _wait_after_wrong_codes(device: TOTPDevice | StaticDevice) -> str:
    """Say how long no code is accepted, not even the right one; empty if codes are."""
    allowed, reason = device.verify_is_allowed()
    if allowed:
        return ""
    seconds = int((reason["locked_until"] - timezone.now()).total_seconds()) + 1
    return _("Too many wrong codes. Wait %(count)d seconds and try again.") % {"count": seconds}


def pass_second_factor(request: HttpRequest, device: TOTPDevice) -> None:
    request.session.cycle_key()
    request.session.pop(_PENDING, None)
    verify_session(request, device)


def begin_setup(user: User) -> TOTPDevice:
    """Return the app's new key, which works only once a code has shown that the app has it."""
    return device_of(user, confirmed=False) or _new_device(user)


def _new_device(user: User) -> TOTPDevice:
    """Create a device, or return the one of another request at this moment: only one of two keys would be accepted."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=F("is_active"))  # locks, on SQLite too
        return device_of(user, confirmed=False) or TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def key_text(device: TOTPDevice) -> str:
    """Return the key as text, for apps that cannot scan."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def finish_setup(request: HttpRequest, code: str) -> tuple[list[str], str]:
    """Switch the second factor on; end all other sessions. Return the recovery codes, or none and the reason."""
    user = user_of(request)
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device and (reason := _wait_after_wrong_codes(device)):
            return [], reason
        if device is None or not device.verify_token("".join(code.split())):
            return [], _("This code is wrong. Check the clock of your device, and type the next code.")
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        codes = new_recovery_codes(user)
    pass_second_factor(request, device)
    end_sessions(user, but=request.session.session_key)
    return codes, ""


def new_recovery_codes(user: User) -> list[str]:
    """Replace the recovery codes. Only their hashes are stored.

    Two requests at once, as of a double click, wait for each other: both sets would be stored, and one never accepted.
    """
    codes = [b32encode(secrets.token_bytes(7)).decode()[:10].lower() for _place in range(RECOVERY_CODES)]
    with transaction.atomic():
        list(TOTPDevice.objects.select_for_update().filter(user=user))
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery")
        StaticToken.objects.bulk_create(StaticToken(device=device, token=_stored(user, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def recovery_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def remove_second_factor(user: User, *, but: str | None = None) -> bool:
    """Remove it, and end the sessions except the one with the key ``but``. Return whether there was one."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        count, _rows = TOTPDevice.objects.filter(user=user).delete()
    end_sessions(user, but=but)
    return bool(count)


def _stored(user: User, code: str) -> str:
    """Return a recovery code as it is stored: 64 bits of a keyed hash, as much as the column holds."""
    return salted_hmac("updates.accounts.recovery_code", f"{user.pk}:{code}", algorithm="sha256").hexdigest()[:16]
