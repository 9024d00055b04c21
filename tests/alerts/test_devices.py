"""Which subscriptions are accepted, and where the server may call."""

import json
import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.exceptions import ImproperlyConfigured

from updates.alerts import keys
from updates.alerts.devices import NotADevice, check_endpoint, device_of
from updates.alerts.keys import as_base64, from_base64, new_private_key
from updates.alerts.message import LONGEST_TEXT, encrypted, payload_of
from updates.alerts.sender import DEFAULT_WAIT, _seconds
from updates.models import Entry, Event, PushSubscription


@pytest.mark.parametrize(
    "address",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGu",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAA%2bx",
        "https://push.example:443/a",
        "https://eu.push.example/a",
    ],
)
def test_push_services_are_accepted(address, settings):
    settings.PUSH_SERVICES = [*settings.PUSH_SERVICES, "push.example"]
    check_endpoint(address)


@pytest.mark.parametrize(
    "address",
    ["https://push.example/a", "https://evilgoogleapis.com/a", "https://googleapis.com.example/a"],
)
def test_hosts_that_are_no_push_services_are_refused_unless_all_are_allowed(address, settings):
    with pytest.raises(ValueError, match="known here"):
        check_endpoint(address)
    settings.PUSH_SERVICES = ["*"]
    check_endpoint(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://push.example/a", "https://push.example:8443/a", "https://127.0.0.1/a", "https://[::1]/a",
        "https://10.0.0.8/a",
        "https://localhost/a", "https://redis/a", "https://user@push.example/a", "https://push.example:x/a",
        "ftp://push.example",
        "file:///etc/passwd", "//push.example/a", "", "https://", "https://0x7f.1/a", "https://2130706433/a",
        "https://push.example\\@127.0.0.1/a", "https://push.example/a\\b", "https://127.0.0.1./a",
        "https://push.example/a b", "https://push.example/\r\nX: y", "https://push.examplé/a",
        f"https://push.example/{'a' * 1000}",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(address, settings):
    settings.PUSH_SERVICES = ["*"]
    with pytest.raises(ValueError, match=r".") as refusal:
        check_endpoint(address)
    assert refusal.type is ValueError


def browser_keys():
    point = (
        ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    return {"p256dh": as_base64(point), "auth": as_base64(os.urandom(16))}


def body(**changes):
    return json.dumps({"endpoint": "https://fcm.googleapis.com/a", "keys": browser_keys()} | changes).encode()


def test_subscription_of_a_browser_is_read():
    device, is_off = device_of(body(expirationTime=None))
    assert (device.endpoint, is_off, len(from_base64(device.public_key))) == ("https://fcm.googleapis.com/a", False, 65)
    assert device_of(body(off=True, keys=None))[1]


BAD = [
    b"", b"null", b"[]", b'"a"', b"{", b"\xff", b"[" * 4000, b'{"endpoint": "https://fcm.googleapis.com/a"}',
    body(keys={}), body(keys=3),
    body(endpoint=3), body(endpoint="https://127.0.0.1/"), body(keys=browser_keys() | {"auth": "AAAA"}),
    body(keys=browser_keys() | {"p256dh": as_base64(b"\x04" + b"\x01" * 64)}),
    body(keys=browser_keys() | {"p256dh": "%"}),
    body(more="a" * 5000),
]  # fmt: skip


@pytest.mark.parametrize("sent", BAD, ids=range(len(BAD)))
def test_anything_else_is_refused(sent):
    with pytest.raises(NotADevice):
        device_of(sent)


def test_new_key_gives_a_public_key(settings):
    settings.VAPID_PRIVATE_KEY = new_private_key()
    assert len(from_base64(keys.public_key())) == 65
    settings.VAPID_PRIVATE_KEY = ""
    assert keys.public_key() == ""


def test_bad_key_is_named(settings):
    settings.VAPID_PRIVATE_KEY = "nonsense!"
    with pytest.raises(ImproperlyConfigured, match="vapid_keys"):
        keys.public_key()


@pytest.mark.parametrize("letter", ["a", "ب", "防", "👩‍🚒"])
def test_payload_is_small_in_every_script(letter):
    entry = Entry(event=Event(title=letter * 200, slug="s" * 80, language="ar"), title=letter * 200, public_id="a" * 10)
    sent = browser_keys()
    subscription = PushSubscription(endpoint="https://push.example/a", public_key=sent["p256dh"], auth=sent["auth"])

    assert len(json.loads(payload_of(entry))["body"]) <= LONGEST_TEXT
    assert len(encrypted(payload_of(entry), subscription)) <= 4096


@pytest.mark.parametrize(
    ("header", "seconds"), [("3", 3), ("", DEFAULT_WAIT), ("soon", DEFAULT_WAIT), ("9" * 30, DEFAULT_WAIT)]
)
def test_retry_after(header, seconds):
    assert _seconds(header) == seconds


def test_signatures_for_addresses_that_strangers_choose_are_not_kept_for_ever():
    assert keys._signed.cache_parameters()["maxsize"] == 256
