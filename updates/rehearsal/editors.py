"""Editors who send every operation until a server acknowledges or refuses it."""

import asyncio
import json
import time
from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from random import Random

import aiohttp
from django.core.management import CommandError

from .desk import BUSY, Desk, DeskFailed
from .records import JSONObject, Post
from .stack import Server, Stack

TRY_AGAIN_AFTER = 0.1
GIVE_UP_AFTER = 60.0

EDITOR = "rehearsal"
"""Username of ``editor_api``."""

OPERATIONS = ("edit", "correct", "pin", "unpin", "key", "unkey", "remove", "restore", "move", "details")
OPERATIONS_PER_POST = 0.7
"""Number of other operations per publication."""

RECENT = 30
"""Number of newest updates that the other operations choose from."""


BY_DESK = 10
"""One publication in so many is sent to the real desk, which costs a server ten times as much."""

SCHEDULED = 10
"""One in so many is scheduled, to be published ``DUE_AFTER`` seconds later."""

DUE_AFTER = 1.0


NO_WORDS = "<p></p>"
"""Text of a recorded update that has a headline only; the form of the desk would have no block for it."""


class Refused(Exception):
    """A server has refused the operation."""


@dataclass(frozen=True)
class Recorded:
    """Update of a recorded live blog. ``at`` is its time in seconds since 1970."""

    at: float
    headline: str
    html: str


class Editors:
    """``number`` editors at once, with ``rate`` publications a second in total; ``None`` means without a pause."""

    def __init__(self, stack: Stack, slug: str, *, number: int, rate: float | None, seed: int) -> None:
        self.stack = stack
        self.slug = slug
        self.rate = rate
        self.number = number
        self.posts: list[Post] = []
        self.refusals = 0
        self.failures: Counter[str] = Counter()
        """Answers that no editor should get, and how often."""
        self.schedules = True
        """Whether some of the posts are scheduled."""
        self.desk = Desk(EDITOR, stack.token)
        self.kill_key = ""
        """Key of the post whose server ends between commit and nudge; “next” chooses the next publication."""
        self.avoid: Server | None = None
        """Server that gets no posts at the moment."""
        self._random = Random(seed)  # noqa: S311 – seeded, so that a rehearsal can be repeated
        self._recent: deque[str] = deque(maxlen=RECENT)
        self._queue: list[str] = []
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        self._number = 0
        self._left = 0
        self._turn = 0
        self._event = 0

    async def leave(self) -> None:
        await self._session.close()
        await self.desk.leave()

    async def open_event(self) -> None:
        message = {"operation": "set up", "slug": self.slug, "title": f"Rehearsal: {self.slug}"}
        self._event = (await self._send(message | {"password": self.stack.token}))["event"]

    @property
    def last_due(self) -> float:
        """When the last scheduled post is due."""
        return max((post.due for post in self.posts), default=0.0)

    def problems(self) -> list[str]:
        counts = self.failures + self.desk.failures
        return [f"{failure}, {count} ×" for failure, count in counts.items()]

    async def work(self, posts: int) -> None:
        """Publish and perform other operations until ``posts`` publications are acknowledged."""
        self._left = posts
        await asyncio.gather(*(self._edit() for _ in range(self.number)))

    async def _edit(self) -> None:
        while self._left > 0:
            self._left -= 1
            await self._publish(*self._made_up())
            if self._random.random() < OPERATIONS_PER_POST:
                await self._perform_other()
            if self.rate:
                await asyncio.sleep(self.number / self.rate * self._random.uniform(0.5, 1.5))

    async def replay(self, updates: list[Recorded], speed: float) -> None:
        """Publish recorded updates, with the recorded pauses divided by ``speed``."""
        previous = None
        for update in updates:
            if previous is not None:
                await asyncio.sleep(max(0.0, (update.at - previous) / speed))
            previous = update.at
            await self._publish(update.headline, update.html)
            if self._random.random() < OPERATIONS_PER_POST:
                await self._perform_other()

    def forget_unsaved(self) -> None:
        """Forget the updates that a restored backup does not have."""
        self._recent = deque((post.public_id for post in self.posts), maxlen=RECENT)

    # Messages

    def _made_up(self) -> tuple[str, str]:
        self._number += 1
        words = " ".join(self._random.choices(WORDS, k=self._random.randint(20, 80)))
        return f"Update {self._number} of {self.slug}", f"<p>{words.capitalize()}.</p>"

    async def _publish(self, headline: str, html: str) -> None:
        key = f"{self.slug}-{self._random.random()}"
        message = {"operation": "publish", "slug": self.slug, "key": key, "headline": headline, "html": html}
        self._turn += 1
        if self.schedules and self._turn % SCHEDULED == 0 and await self._schedule(message):
            return
        sent = time.time()
        by_desk = self._turn % BY_DESK == 1 and html != NO_WORDS
        saved, tries = await self._send_until_answered(message, by_desk=by_desk)
        self.posts.append(Post(key, saved["id"], sent, tries))
        self._recent.append(saved["id"])

    async def _schedule(self, message: JSONObject) -> bool:
        """Schedule a post; ``False`` if no server took it in time."""
        sent = time.time()
        due = sent + DUE_AFTER
        try:
            saved, tries = await self._send_until_answered(message | {"operation": "schedule", "due": str(due)})
        except Refused:
            return False
        self.posts.append(Post(message["key"], saved["id"], sent, tries, due))
        return True

    async def _perform_other(self) -> None:
        operation = self._next_operation()
        entry, above = self._random.choice(self._recent), self._random.choice(self._recent)
        headline, html = self._made_up()
        note = (
            self._random.choice(["", "Taken down: it could not be confirmed."]) if operation == "remove" else headline
        )
        message = {"operation": operation, "slug": self.slug, "id": entry, "above": above, "note": note}
        try:
            await self._send_until_answered(message | {"title": headline, "headline": headline, "html": html})
        except Refused:
            self.refusals += 1  # expected: two editors may try to remove the same update

    def _next_operation(self) -> str:
        """Return each operation once, in random order, then start again: a short rehearsal covers all of them."""
        if not self._queue:
            self._queue = self._random.sample(OPERATIONS, len(OPERATIONS))
        return self._queue.pop()

    async def _send_until_answered(self, message: JSONObject, *, by_desk: bool = False) -> tuple[JSONObject, int]:
        """Send until a server acknowledges or refuses the message. The idempotency key makes repeats harmless."""
        end = time.monotonic() + GIVE_UP_AFTER
        tries = 0
        while True:
            tries += 1
            try:
                if by_desk:
                    return await self._send_to_desk(message), tries
                return await self._send(message | self._kill_order(message)), tries
            except DeskFailed:
                by_desk = False  # it is noted; the update is posted all the same
            except (aiohttp.ClientError, OSError, TimeoutError):
                if time.monotonic() > end:
                    raise
                await asyncio.sleep(TRY_AGAIN_AFTER)

    def _kill_order(self, message: JSONObject) -> JSONObject:
        """Let the next publication end its server, once, if the fault asked for it."""
        if self.kill_key == "next" and message["operation"] == "publish":
            self.kill_key = message["key"]
            return {"kill": True}
        return {}

    async def _send_to_desk(self, message: JSONObject) -> JSONObject:
        return await self.desk.publish(
            self._server().base, self._event, message["headline"], message["html"], message["key"]
        )

    def _server(self) -> Server:
        return self._random.choice([server for server in self.stack.servers if server is not self.avoid])

    async def _send(self, message: JSONObject) -> JSONObject:
        base = self._server().base
        async with self._session.post(f"{base}/rehearsal/{self.stack.token}/act", json=message) as response:
            if response.status == 409:
                raise Refused((await response.json())["error"])
            if response.status not in (200, BUSY):
                self.failures[f"an editor’s request was answered {response.status}"] += 1
            response.raise_for_status()
            data: JSONObject = await response.json()
            return data


def read_recording(file: Path) -> list[Recorded]:
    """Read headlines and texts of a file in the format of ``docs/event-format.md``, oldest first."""
    try:
        document = json.loads(file.read_text())
        entries = document["entries"]
        recorded = [_recorded(entry) for entry in entries if not entry.get("removed")]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{file} is not an exported live blog: {error}") from None
    recorded = [update for update in recorded if update.headline or update.html != NO_WORDS]
    return sorted(recorded, key=lambda update: update.at)


def _recorded(entry: JSONObject) -> Recorded:
    texts = [block.get("html") or f"<p>{escape(block.get('text', ''))}</p>" for block in entry.get("blocks", ())]
    at = datetime.fromisoformat(entry["time"]).timestamp()
    return Recorded(at, entry.get("headline") or "", "".join(texts) or NO_WORDS)


WORDS = ("harbour", "gate", "water", "crew", "council", "bridge", "storm", "ferry", "pump", "market", "school", "road")
