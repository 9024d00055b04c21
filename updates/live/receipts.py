"""Counts the open pages that were sent a change, and asks a sample of them for a receipt.

1. The hub sends a frame that changes something published to all its readers. Some of them, chosen by chance, get it
   with a token of their own (``ask``).
2. Such a page waits until it shows the change and posts the token, to any process and without a cookie. A token is
   good for one change, once, for two minutes.
3. Each process writes a row of its own for each change; ``updates/queries/receipts.py`` adds them up.

A token does not identify a reader. Somebody who opens many pages and confirms for them is counted, as in the number of
readers: nothing depends on these figures.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import sample
from threading import Lock
from time import monotonic

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from updates.models import Delivery
from updates.nudge import PROCESS

from .connection import Reader
from .frames import Frame
from .threads import in_thread

logger = logging.getLogger(__name__)

SAMPLE_SIZE = 100
"""Pages of one process that are asked about one change."""

TOKEN_LIFETIME = timedelta(minutes=2)
ROW_LIFETIME = timedelta(minutes=10)

LONGEST_TOKEN = 300
"""In bytes."""

WRITE_EVERY = 0.5
"""Seconds between two writes of changed rows."""

MAX_PER_SECOND = 200
"""Receipts that a process reads; further ones are dropped unread."""

SALT = "delivery"

Key = tuple[int, int]
"""Event and number."""


@dataclass
class Count:
    """The count of this process for one change."""

    after: int
    until: datetime
    sent: int = 0
    asked: int = 0
    sent_at: datetime | None = None
    tokens: set[tuple[str, int]] = field(default_factory=set)
    """Tokens that came back."""


class ReceiptCounter:
    """All counts of this process: started on the server's loop, confirmed in request threads."""

    def __init__(self) -> None:
        self._counts: dict[Key, Count] = {}
        self._unwritten: set[Key] = set()
        self._lock = Lock()
        self._second = 0
        self._received = 0

    def texts_that_ask(self, event_id: int, frame: Frame, readers: Sequence[Reader]) -> dict[Reader, str]:
        """Return the text for a sample of readers: the frame with a token. Frames with new updates only have none."""
        if not frame.renewed:
            return {}
        chosen = sample(readers, min(SAMPLE_SIZE, len(readers)))
        return {reader: self._with_token(event_id, frame, number) for number, reader in enumerate(chosen)}

    def _with_token(self, event_id: int, frame: Frame, number: int) -> str:
        token = signing.dumps([event_id, frame.prev, frame.seq, PROCESS, number], salt=SALT)
        return f'{frame.text[:-1]},"ask":"{token}"}}'

    def record_sent(self, event_id: int, frame: Frame, sent: int, asked: int) -> None:
        if not frame.renewed or not sent:
            return
        with self._lock:
            count = self._count((event_id, frame.seq), frame.prev)
            count.sent, count.asked, count.sent_at = sent, asked, timezone.now()

    def confirm(self, token: str) -> bool:
        """Count a token that came back; ``False`` for one that is forged or too old."""
        try:
            event_id, after, seq, process, number = signing.loads(token, salt=SALT, max_age=TOKEN_LIFETIME)
        except signing.BadSignature:
            return False
        with self._lock:
            self._count((event_id, seq), after).tokens.add((process, number))
        return True

    def has_room(self) -> bool:
        """Return whether one more receipt may be read in this second."""
        now = int(monotonic())
        with self._lock:
            if now != self._second:
                self._second, self._received = now, 0
            self._received += 1
            return self._received <= MAX_PER_SECOND

    def _count(self, key: Key, after: int) -> Count:
        self._unwritten.add(key)
        return self._counts.setdefault(key, Count(after, timezone.now() + ROW_LIFETIME))

    async def run(self) -> None:
        """Write changed rows until cancelled."""
        while True:
            await asyncio.sleep(WRITE_EVERY)
            if not self._unwritten:
                continue
            try:
                await in_thread(_write, self._rows())
            except Exception as error:  # noqa: BLE001 – a busy database; the figures are not essential
                logger.debug("Receipts were not written: %r", error)

    def _rows(self) -> list[Delivery]:
        now = timezone.now()
        with self._lock:
            keys, self._unwritten = self._unwritten, set()
            rows = [self._row(key, self._counts[key]) for key in keys]
            self._counts = {key: count for key, count in self._counts.items() if count.until > now}
        return rows

    def _row(self, key: Key, count: Count) -> Delivery:
        return Delivery(
            event_id=key[0],
            seq=key[1],
            process=PROCESS,
            after=count.after,
            sent=count.sent,
            asked=count.asked,
            confirmed=len(count.tokens),
            handed_at=count.sent_at,
            until=count.until,
        )


def _write(rows: list[Delivery]) -> None:
    with transaction.atomic():
        Delivery.objects.filter(until__lt=timezone.now()).delete()
        Delivery.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["event", "process", "seq"],
            update_fields=["sent", "asked", "confirmed", "handed_at"],
        )


receipts = ReceiptCounter()
"""The counter of this process."""


@csrf_exempt
@require_POST
def receive(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 – the token names the event
    """Answer a page's receipt: 204 for a token, counted or not; 400 for anything else; 503 above ``MAX_PER_SECOND``."""
    if not receipts.has_room():
        return _answer(503)
    token = request.body[: LONGEST_TOKEN + 1].decode("ascii", "replace")
    return _answer(204 if len(token) <= LONGEST_TOKEN and receipts.confirm(token) else 400)


def _answer(status: int) -> HttpResponse:
    return HttpResponse(status=status, headers={"Cache-Control": "no-store"})
