"""Counts the open pages that were sent a change, and asks a sample of them for a receipt.

1. The hub sends a frame to all its readers. Some of them, chosen by chance, get it with a token of their own
   (``ask``): more of them if it changes something published, fewer if it only brings new updates, which are many.
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
from time import monotonic, time

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
from .minutes import keep_delays
from .threads import in_background_thread

logger = logging.getLogger(__name__)

SAMPLE_SIZE = 100
"""Pages of one process that are asked about a change of something published."""

NEWS_SAMPLE_SIZE = 20
"""Pages of one process that are asked about new updates."""

SLOWEST = 120_000
"""Milliseconds; a receipt that claims more comes from a wrong clock."""

TOKEN_LIFETIME = timedelta(minutes=2)
ROW_LIFETIME = timedelta(minutes=10)

COUNT_LIFETIME = TOKEN_LIFETIME + timedelta(minutes=1)
"""After it no token can change a count, so it is in its row only."""

LONGEST_TOKEN = 300
"""In bytes."""

ENDED_AT_ONCE = 500
"""Rows that are deleted with one write; twice a second is enough for all."""

WRITE_EVERY = 0.5
"""Seconds between two writes of changed rows."""

MAX_PER_SECOND = 200
"""Receipts that a process reads; further ones are dropped unread."""

SALT = "delivery"

Key = tuple[str, int, int]
"""Process, event and number."""


@dataclass
class Count:
    """The count of one process for one change."""

    after: int
    until: datetime
    sent: int = 0
    requested: int = 0
    sent_at: datetime | None = None
    tokens: dict[tuple[str, int], int] = field(default_factory=dict)
    """Tokens that came back, and after how many milliseconds."""


class ReceiptCounter:
    """All counts of this process: started on the server's loop, confirmed in request threads."""

    def __init__(self) -> None:
        self._counts: dict[Key, Count] = {}
        self._unwritten: set[Key] = set()
        self._lock = Lock()
        self._second = 0
        self._received = 0

    def texts_that_ask(self, event_id: int, frame: Frame, readers: Sequence[Reader]) -> dict[Reader, str]:
        """Return the text for a sample of readers: the frame with a token."""
        chosen = sample(readers, min(SAMPLE_SIZE if frame.renewed else NEWS_SAMPLE_SIZE, len(readers)))
        return {reader: self._with_token(event_id, frame, number) for number, reader in enumerate(chosen)}

    def _with_token(self, event_id: int, frame: Frame, number: int) -> str:
        token = signing.dumps([event_id, frame.prev, frame.seq, PROCESS, number, _now()], salt=SALT)
        return f'{frame.text[:-1]},"ask":"{token}"}}'

    def record_sent(self, event_id: int, frame: Frame, sent: int, requested: int, *, process: str = PROCESS) -> None:
        """Note that a frame was sent; a relay does it in the name of each nginx machine."""
        if not sent:
            return
        with self._lock:
            count = self._count((process, event_id, frame.seq), frame.prev)
            count.sent, count.requested, count.sent_at = sent, requested, timezone.now()

    def confirm(self, token: str) -> bool:
        """Count a token that came back; ``False`` for one that is forged or too old."""
        try:
            event_id, after, seq, process, number, asked_at = signing.loads(token, salt=SALT, max_age=TOKEN_LIFETIME)
        except (signing.BadSignature, ValueError):  # a token of another release has other values
            return False
        with self._lock:
            delay = min(max(0, _now() - asked_at), SLOWEST)
            self._count((PROCESS, event_id, seq), after).tokens.setdefault((process, number), delay)
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
            rows = self._rows()
            try:
                await in_background_thread(_write, rows)
            except Exception as error:  # noqa: BLE001 – a busy database; the figures are not essential
                logger.debug("Receipts were not written, and are tried again: %r", error)
                self._put_back(rows)

    def _rows(self) -> list[Delivery]:
        now = timezone.now()
        with self._lock:
            keys, self._unwritten = self._unwritten, set()
            rows = [self._row(key, self._counts[key]) for key in keys]
            still_needed = now + ROW_LIFETIME - COUNT_LIFETIME
            self._counts = {key: count for key, count in self._counts.items() if count.until > still_needed}
        return rows

    def _put_back(self, rows: list[Delivery]) -> None:
        with self._lock:
            self._unwritten |= {(row.process, row.event_id, row.seq) for row in rows} & self._counts.keys()

    def _row(self, key: Key, count: Count) -> Delivery:
        return Delivery(
            process=key[0],
            event_id=key[1],
            seq=key[2],
            after=count.after,
            sent=count.sent,
            requested=count.requested,
            confirmed=len(count.tokens),
            delays=sorted(count.tokens.values()),
            handed_at=count.sent_at,
            until=count.until,
        )


def _now() -> int:
    """Return the time in milliseconds. Another process may have asked, so it is that of the clock on the wall."""
    return round(1000 * time())


def _write(rows: list[Delivery]) -> None:
    with transaction.atomic():
        ended_rows = Delivery.objects.filter(until__lt=timezone.now())
        ended = list(ended_rows.select_for_update(skip_locked=True)[:ENDED_AT_ONCE])  # others are adding up the rest
        keep_delays(ended)
        Delivery.objects.filter(pk__in=[row.pk for row in ended]).delete()
        Delivery.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["event", "process", "seq"],
            update_fields=["sent", "requested", "confirmed", "delays", "handed_at"],
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
    """Respond so that pages of other sites may read it: an embedded page complains on its console otherwise."""
    return HttpResponse(status=status, headers={"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"})
