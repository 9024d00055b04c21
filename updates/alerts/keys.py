"""The key pair with which this site identifies itself to push services (VAPID, RFC 8292)."""

import base64
import time
from functools import cache, lru_cache
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from py_vapid import Vapid02, VapidException

VALID_FOR: Final = 12 * 3600
"""Seconds; services accept up to a day."""

RENEWED_AFTER: Final = 6 * 3600

KEY_LENGTH: Final = 32
"""Bytes of a private key."""


def alerts_are_on() -> bool:
    return bool(settings.VAPID_PRIVATE_KEY)


def public_key() -> str:
    """Return the key that browsers subscribe with; empty if alerts are off."""
    return _public_key(settings.VAPID_PRIVATE_KEY) if alerts_are_on() else ""


def authorization(endpoint: str) -> str:
    """Return the value of the header for a push service. It is the same for all its endpoints for some hours."""
    parts = urlsplit(endpoint)
    period = int(time.time()) // RENEWED_AFTER
    return _signed(settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT, f"{parts.scheme}://{parts.netloc}", period)


def new_private_key() -> str:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return as_base64(number.to_bytes(32, "big"))


def as_base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """Decode base64 of either alphabet, with or without padding. Raises ``ValueError``."""
    plain = text.replace("+", "-").replace("/", "_").rstrip("=")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)


@cache
def _public_key(private_key: str) -> str:
    point = _vapid(private_key).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return as_base64(point)


@cache
def _vapid(private_key: str) -> Vapid02:
    try:
        return Vapid02.from_raw(as_base64(_number(private_key)).encode())
    except (ValueError, VapidException) as error:
        raise ImproperlyConfigured("VAPID_PRIVATE_KEY is not a key. Make one with: manage.py vapid_keys") from error


def _number(private_key: str) -> bytes:
    number = from_base64(private_key)
    if len(number) != KEY_LENGTH:
        raise ValueError(f"a key has {KEY_LENGTH} bytes")
    return number


@lru_cache(256)  # strangers choose the audiences
def _signed(private_key: str, subject: str, audience: str, period: int) -> str:
    claims = {"aud": audience, "sub": subject, "exp": period * RENEWED_AFTER + RENEWED_AFTER + VALID_FOR}
    return str(_vapid(private_key).sign(claims)["Authorization"])
