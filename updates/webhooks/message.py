"""The message of a delivery and its signature, in the form of Standard Webhooks 1.0."""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass

from django.conf import settings

from updates.models import Change, Entry, Webhook
from updates.publishing.webhooks import Job, is_hidden
from updates.rendering import as_json
from updates.rendering.api import entry_json, event_json, event_reference, removed_json
from updates.rendering.dates import iso_utc
from updates.untyped import JSONObject


@dataclass(frozen=True)
class Message:
    url: str
    body: bytes
    headers: dict[str, str]


def message_of(job: Job) -> Message:
    """Return the message with what the update or the live blog says now: also late, it reveals nothing that was
    removed since."""
    delivery = job.delivery
    content: JSONObject = {
        "type": delivery.type,
        "timestamp": iso_utc(job.change.at if job.change else delivery.created_at),
        "data": _data(job.change, delivery.webhook) if job.change else {},
    }
    body = as_json(content).encode()
    return Message(delivery.webhook.url, body, headers_of(delivery.message_id, body, delivery.webhook.secret))


def headers_of(message_id: str, body: bytes, secret: str) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "liveblog-webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature(message_id, timestamp, body, secret)}",
    }


def signature(message_id: str, timestamp: str, body: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _data(change: Change, webhook: Webhook) -> JSONObject:
    origin = str(settings.SITE_URL)
    data: JSONObject = {"seq": change.seq, "change": change.kind}
    if is_hidden(change.event, webhook):
        return data | {"event": event_reference(change.event, origin) | {"is_listed": False}}
    if change.entry_id is None:
        return data | {"event": event_json(change.event, origin)}
    entry = Entry.objects.select_related("event").get(pk=change.entry_id)
    about_entry = {"entry": entry_json(entry, origin)} if entry.is_published else {"removed": removed_json(entry)}
    return data | {"event": event_reference(entry.event, origin)} | about_entry
