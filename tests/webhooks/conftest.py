import asyncio
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from tests.factories import editor_of, make_event
from tests.recorder import Recording, recording
from tests.servers import CEILING, without_the_shared_server
from updates.choices import WebhookType
from updates.models import WebhookCursor
from updates.publishing.webhooks import create_webhook
from updates.webhooks import calls
from updates.webhooks.sender import WebhookSender

ALL = [kind.value for kind in WebhookType if kind != WebhookType.TEST]


@pytest.fixture(autouse=True)
def only_sender():
    with without_the_shared_server():
        yield


@pytest.fixture(autouse=True)
def patient_sender(monkeypatch):
    """A busy machine may need longer for a call than a receiver on the internet."""
    monkeypatch.setattr(calls, "DEADLINE", CEILING)


@dataclass
class Receiving(Recording):
    def accepted(self, path="/ok"):
        """Messages that were answered with 200, in the order of their arrival."""
        rows = [row for row in self.records if row["path"] == path and row["status"] == 200]
        return [json.loads(row["body"]) for row in rows]


@pytest.fixture
def receiver(tmp_path, settings):
    with recording(Receiving, "tests.webhooks.receiver", tmp_path) as server:
        settings.WEBHOOK_INTERNAL_HOSTS = [urlsplit(server.url).netloc]
        yield server


@pytest.fixture
def event(transactional_db):
    return make_event(slug="storm", title="Storm")


@pytest.fixture
def webhook(event, receiver):
    return create_webhook(event, f"{receiver.url}/ok", ALL, editor_of(event))


def send(*, at_once=False):
    """Send what waits, to the end; unless ``at_once``, also what would wait for its next try."""
    if not at_once:
        WebhookCursor.objects.update(next_at=timezone.now())
    asyncio.run(WebhookSender().run_to_the_end())
