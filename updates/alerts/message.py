"""The content of an alert, encrypted for one device (RFC 8291)."""

import json
from hashlib import sha256
from typing import Final

from updates.content.sanitize import truncate
from updates.models import Entry, PushSubscription

from .encryption import encrypt
from .keys import as_base64, from_base64

LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 300
"""Characters; the payload stays below the 3 kB that every push service takes."""


def payload_of(entry: Entry) -> bytes:
    """Return what the service worker shows. ``tag`` lets a device show the newest alert of an event only."""
    payload = {
        "title": truncate(entry.event.title, LONGEST_TITLE),
        "body": truncate(entry.title, LONGEST_TEXT),
        "url": entry.get_absolute_url(),
        "tag": entry.event.slug,
        "lang": entry.event.language,
    }
    return json.dumps(payload, ensure_ascii=False).encode()


def topic_of(entry: Entry) -> str:
    """Return the name under which a push service replaces an alert that it has not delivered yet by a newer one."""
    return as_base64(sha256(entry.event.slug.encode()).digest())[:32]


def encrypted(payload: bytes, subscription: PushSubscription) -> bytes:
    return encrypt(payload, from_base64(subscription.public_key), from_base64(subscription.auth))
