"""A push service in a process of its own, and subscribers that can read what it was sent."""

import base64
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from updates.alerts.keys import as_base64, new_private_key
from updates.publishing.alerts import Device, subscribe

VAPID = new_private_key()


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
        body = base64.b64decode(message["body"])
        return json.loads(http_ece.decrypt(body, private_key=private, auth_secret=auth, version="aes128gcm"))


@pytest.fixture
def service(tmp_path, settings):
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    address = f"127.0.0.1:{listening.getsockname()[1]}"
    settings.PUSH_INTERNAL_HOSTS = [address]
    command = [sys.executable, "-m", "tests.alerts.push_service", str(tmp_path), str(listening.fileno())]
    process = subprocess.Popen(command, pass_fds=[listening.fileno()])
    listening.close()
    yield PushService(address, tmp_path)
    process.kill()
    process.wait()
