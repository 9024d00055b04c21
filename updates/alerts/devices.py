"""Reads what a browser sends to subscribe, and decides which addresses this server may call."""

import json
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from updates.public_addresses import check_public_url
from updates.publishing.alerts import Device

from .keys import as_base64, from_base64

LONGEST_BODY: Final = 4096
LONGEST_ENDPOINT: Final = 1000
AUTH_BYTES: Final = 16
POINT_BYTES: Final = 65


class NotADevice(ValidationError):
    """Refuses a body that is not the subscription of a browser."""

    def __init__(self) -> None:
        super().__init__(_("Your browser’s subscription could not be read."))


def device_of(body: bytes) -> tuple[Device, bool]:
    """Read a subscription, and whether to end it (``"off": true``). Raises ``NotADevice``."""
    try:
        sent = json.loads(body[: LONGEST_BODY + 1])  # a longer one is cut in its middle
        endpoint, is_off = str(sent["endpoint"]), sent.get("off") is True
        check_endpoint(endpoint)
        if is_off:
            return Device(endpoint, "", ""), True
        public_key, auth = from_base64(sent["keys"]["p256dh"]), from_base64(sent["keys"]["auth"])
        _check_keys(public_key, auth)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotADevice from error
    return Device(endpoint, as_base64(public_key), as_base64(auth)), False


def _check_keys(public_key: bytes, auth: bytes) -> None:
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    if len(public_key) != POINT_BYTES or len(auth) != AUTH_BYTES:
        raise ValueError("wrong length")


def check_endpoint(endpoint: str) -> None:
    """Raise ``ValueError`` unless it is https, at the usual port of one of ``PUSH_SERVICES``, without a login.

    With any host allowed, somebody could subscribe with thousands that never answer, and alerts would wait for each.
    The addresses behind the name are checked when it is called, by ``public_resolver.PublicResolver``.
    """
    check_public_url(endpoint, settings.PUSH_INTERNAL_HOSTS, longest=LONGEST_ENDPOINT)
    parts, services = urlsplit(endpoint), settings.PUSH_SERVICES
    if parts.netloc in settings.PUSH_INTERNAL_HOSTS:
        return
    if parts.port not in {None, 443}:
        raise ValueError("not the usual port")
    if "*" not in services and not any(f".{parts.hostname}".endswith(f".{service}") for service in services):
        raise ValueError("no push service that is known here")
