"""Counting to how many open pages a change was handed, and asking a few of them whether it is there.

1. The hub hands a frame that changes something published to all its readers. Some of them, chosen by chance, get it
   with a token of their own (``ask``).
2. A page that was asked waits until it shows the change and sends the token back over HTTP, to any process, without
   a cookie. A token is good for one change, once, for two minutes.
3. Each process writes its own row of the figures, which every process can add up (see
   ``updates/queries/delivery_stats.py``).

Nobody can tell from a token whose page it was. Who opens many pages and answers for them is counted, as with the number
of readers: the figures are for looking at.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import sample
from secrets import token_hex
from threading import Lock
from time import monotonic
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone

from updates.models import Delivery

from .connection import Reader
from .frames import Frame
from .threads import in_thread

logger = logging.getLogger(__name__)

ASKED_AT_MOST = 100
"""Pages of one process that are asked about one change."""

GOOD_FOR = timedelta(minutes=2)
KEPT = timedelta(minutes=10)

WRITTEN_EVERY = 0.5
"""Seconds between two looks whether there is anything to write."""

TAKEN_PER_SECOND = 200
"""Confirmations that a process looks at; what comes beyond is dropped unread."""

SALT = "delivery"

Key = tuple[int, int]
"""Event and number."""


@dataclass
class Figures:
    """What this process knows of one change."""

    after: int
    until: datetime
    sent: int = 0
    asked: int = 0
    handed_at: datetime | None = None
    tokens: set[tuple[str, int]] = field(default_factory=set)
    """Those that came back, each once."""


class Deliveries:
    """Figures of this process: made on the server's loop, confirmed from the threads of requests."""

    def __init__(self) -> None:
        self.process = token_hex(8)
        self._figures: dict[Key, Figures] = {}
        self._unwritten: set[Key] = set()
        self._lock = Lock()
        self._second = 0
        self._taken = 0

    def asking(self, event_id: int, frame: Frame, readers: Sequence[Reader]) -> dict[Reader, str]:
        """For some readers of a frame the text that also asks them. None is asked of what is merely new."""
        if not frame.renewed:
            return {}
        chosen = sample(readers, min(ASKED_AT_MOST, len(readers)))
        return {reader: self._with_token(event_id, frame, number) for number, reader in enumerate(chosen)}

    def _with_token(self, event_id: int, frame: Frame, number: int) -> str:
        token = signing.dumps([event_id, frame.prev, frame.seq, self.process, number], salt=SALT)
        return f'{frame.text[:-1]},"ask":"{token}"}}'

    def handed(self, event_id: int, frame: Frame, sent: int, asked: int) -> None:
        """A frame has gone out."""
        if not frame.renewed or not sent:
            return
        with self._lock:
            figures = self._of((event_id, frame.seq), frame.prev)
            figures.sent, figures.asked, figures.handed_at = sent, asked, timezone.now()

    def confirm(self, token: str) -> bool:
        """Take a token back; ``False`` for one that is none, or too old."""
        try:
            event_id, after, seq, process, number = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
        except signing.BadSignature:
            return False
        with self._lock:
            self._of((event_id, seq), after).tokens.add((process, number))
        return True

    def has_room(self) -> bool:
        """Whether one more may be looked at in this second."""
        now = int(monotonic())
        with self._lock:
            if now != self._second:
                self._second, self._taken = now, 0
            self._taken += 1
            return self._taken <= TAKEN_PER_SECOND

    def _of(self, key: Key, after: int) -> Figures:
        self._unwritten.add(key)
        return self._figures.setdefault(key, Figures(after, timezone.now() + KEPT))

    async def run(self) -> None:
        """Write what has changed, until it is cancelled."""
        while True:
            await asyncio.sleep(WRITTEN_EVERY)
            if not self._unwritten:
                continue
            rows = self._rows()
            try:
                await in_thread(write, rows)
            except Exception as error:  # noqa: BLE001 – a busy database; a figure that is missing harms nobody
                logger.debug("Figures of a delivery were not written: %r", error)

    def _rows(self) -> list[Delivery]:
        now = timezone.now()
        with self._lock:
            keys, self._unwritten = self._unwritten, set()
            rows = [self._row(key, self._figures[key]) for key in keys]
            self._figures = {key: figures for key, figures in self._figures.items() if figures.until > now}
        return rows

    def _row(self, key: Key, figures: Figures) -> Delivery:
        values: dict[str, Any] = {"sent": figures.sent, "asked": figures.asked, "confirmed": len(figures.tokens)}
        values |= {"after": figures.after, "handed_at": figures.handed_at, "until": figures.until}
        return Delivery(event_id=key[0], seq=key[1], process=self.process, **values)


def write(rows: list[Delivery]) -> None:
    """Also forget what is too old."""
    with transaction.atomic():
        Delivery.objects.filter(until__lt=timezone.now()).delete()
        Delivery.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["event", "process", "seq"],
            update_fields=["sent", "asked", "confirmed", "handed_at"],
        )


deliveries = Deliveries()
"""This process's."""
