"""A push service in a process of its own, and subscribers that can read what it was sent."""

import base64
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.servers import CEILING, kill, wait_until, without_the_shared_server
from updates.alerts import sender
from updates.alerts.keys import as_base64, new_private_key
from updates.publishing.alerts import Device, subscribe

VAPID = new_private_key()


@pytest.fixture(autouse=True)
def only_sender():
    with without_the_shared_server():
        yield


@pytest.fixture(autouse=True)
def patient_sender(monkeypatch):
    """A busy machine may need longer for a call than a push service of the internet."""
    monkeypatch.setattr(sender, "DEADLINE", CEILING)


@pytest.fixture(autouse=True)
def alerts_on(settings):
    settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT = VAPID, "mailto:newsroom@live.example"


@dataclass
class PushService:
    address: str
    folder: object
    keys: dict = field(default_factory=dict)

    def add(self, event, kind, number=1):
        """Subscribe devices whose endpoints answer in one way."""
        for each in range(number):
            path = f"/{kind}/{event.pk}-{each}"
            private, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
            point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            self.keys[path] = private, auth
            subscribe(event, Device(f"http://{self.address}{path}", as_base64(point), as_base64(auth)))

    def messages(self):
        file = self.folder / "messages"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def paths(self):
        return sorted(message["path"] for message in self.messages())

    def read(self, message):
        private, auth = self.keys[message["path"]]
        return json.loads(decrypt(base64.b64decode(message["body"]), private, auth))


def decrypt(body, private, auth):
    """Read a message as a browser does (RFC 8291): salt, size of records, the sender's key with its length, record."""
    salt, sender, record = body[:16], body[21:86], body[86:]
    own = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    secret = HKDF(SHA256(), 32, auth, b"WebPush: info\0" + own + sender).derive(shared)
    key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
    message = AESGCM(key).decrypt(nonce, record, None)
    assert message.endswith(b"\2")
    return message[:-1]


@pytest.fixture
def service(tmp_path, settings):
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    address = f"127.0.0.1:{listening.getsockname()[1]}"
    settings.PUSH_INTERNAL_HOSTS = [address]
    command = [sys.executable, "-m", "tests.alerts.push_service", str(tmp_path), str(listening.fileno())]
    process = subprocess.Popen(command, pass_fds=[listening.fileno()])
    listening.close()
    try:
        wait_until((tmp_path / "started").exists, "it serves: calls have a deadline")
        yield PushService(address, tmp_path)
    finally:
        kill(process)
