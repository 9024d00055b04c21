"""Editors who post to the server processes, and do not rest before a server has acknowledged it."""

import asyncio
import json
import time
from collections import deque
from datetime import datetime
from html import escape
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
from django.core.management import CommandError

from .stack import Server, Stack
from .traces import Post

TRY_AGAIN_AFTER = 0.1
GIVE_UP_AFTER = 60.0

DEEDS = ("edit", "correct", "pin", "unpin", "key", "unkey", "remove", "restore", "move", "details")
DEEDS_PER_POST = 0.7
"""Other operations for each publication."""

REMEMBERED = 30
"""The newest updates, which editors go on working at."""


class Refused(Exception):
    """A server said no, and why."""


class Editors:
    """``number`` of them at once, at ``rate`` publications a second together, or without a pause."""

    def __init__(self, stack: Stack, slug: str, *, number: int, rate: float | None, seed: int) -> None:
        self.stack = stack
        self.slug = slug
        self.rate = rate
        self.number = number
        self.posts: list[Post] = []
        self.refusals = 0
        self.killer = ""
        """Key of the post whose server is to die between its commit and its nudge."""
        self.avoid: Server | None = None
        """A server that nobody posts to for the moment."""
        self._random = Random(seed)  # noqa: S311 – repeats a rehearsal, hides nothing
        self._known: deque[str] = deque(maxlen=REMEMBERED)
        self._deeds: list[str] = []
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        self._number = 0
        self._left = 0

    async def leave(self) -> None:
        await self._session.close()

    async def open_event(self) -> None:
        await self._send({"do": "set up", "slug": self.slug, "title": f"Rehearsal: {self.slug}"})

    async def work(self, posts: int) -> None:
        """Publish, and do everything else that editors do, until ``posts`` are acknowledged."""
        self._left = posts
        await asyncio.gather(*(self._edit() for _ in range(self.number)))

    async def _edit(self) -> None:
        while self._left > 0:
            self._left -= 1
            await self._publish(*self._made_up())
            if self._random.random() < DEEDS_PER_POST:
                await self._do_something()
            if self.rate:
                await asyncio.sleep(self.number / self.rate * self._random.uniform(0.5, 1.5))

    async def replay(self, updates: list[dict[str, Any]], speed: float) -> None:
        """Publish recorded updates with the pauses between them, made shorter."""
        before = None
        for update in updates:
            if before is not None:
                await asyncio.sleep(max(0.0, (update["at"] - before) / speed))
            before = update["at"]
            await self._publish(update["headline"], update["html"])
            if self._random.random() < DEEDS_PER_POST:
                await self._do_something()

    def forget(self) -> None:
        """Updates that are not in the database any more are not worked at."""
        self._known = deque((post.public_id for post in self.posts), maxlen=REMEMBERED)

    # What they send

    def _made_up(self) -> tuple[str, str]:
        self._number += 1
        words = " ".join(self._random.choices(WORDS, k=self._random.randint(20, 80)))
        return f"Update {self._number} of {self.slug}", f"<p>{words.capitalize()}.</p>"

    async def _publish(self, headline: str, html: str) -> None:
        key = f"{self.slug}-{len(self.posts)}-{self._random.random()}"
        sent = time.time()
        found, tries = await self._insist(
            {"do": "publish", "slug": self.slug, "key": key, "headline": headline, "html": html}
        )
        self.posts.append(Post(key, found["id"], sent, time.time(), tries))
        self._known.append(found["id"])

    async def _do_something(self) -> None:
        deed = self._next_deed()
        some, other = self._random.choice(self._known), self._random.choice(self._known)
        headline, html = self._made_up()
        note = self._random.choice(["", "Taken down: it could not be confirmed."]) if deed == "remove" else headline
        message = {"do": deed, "slug": self.slug, "id": some, "above": other, "note": note}
        try:
            await self._insist(message | {"title": headline, "headline": headline, "html": html})
        except Refused:
            self.refusals += 1  # two editors, one update: only one of them removes it

    def _next_deed(self) -> str:
        """Each as often as any other, in no order: none is left out of a short rehearsal by chance."""
        if not self._deeds:
            self._deeds = self._random.sample(DEEDS, len(DEEDS))
        return self._deeds.pop()

    async def _insist(self, message: dict[str, Any]) -> tuple[dict[str, Any], int]:
        """Send until a server acknowledges or refuses it; the key makes that harmless."""
        end = time.monotonic() + GIVE_UP_AFTER
        tries = 0
        while True:
            tries += 1
            try:
                return await self._send(message | self._sentence(message)), tries
            except (aiohttp.ClientError, OSError, TimeoutError):
                if time.monotonic() > end:
                    raise
                await asyncio.sleep(TRY_AGAIN_AFTER)

    def _sentence(self, message: dict[str, Any]) -> dict[str, Any]:
        """The first publication after the fault was ordered takes its server down, once."""
        if self.killer == "next" and message["do"] == "publish":
            self.killer = message["key"]
            return {"dies": True}
        return {}

    async def _send(self, message: dict[str, Any]) -> dict[str, Any]:
        server = self._random.choice([server for server in self.stack.servers if server is not self.avoid])
        async with self._session.post(f"{server.base}/rehearsal/{self.stack.token}/act", json=message) as answer:
            if answer.status == 409:
                raise Refused((await answer.json())["error"])
            answer.raise_for_status()
            found: dict[str, Any] = await answer.json()
            return found


def read_recording(file: Path) -> list[dict[str, Any]]:
    """Headlines and texts of a file as ``docs/event-format.md`` describes it, oldest first."""
    try:
        document = json.loads(file.read_text())
        entries = document["entries"]
        recorded = [_recorded(entry) for entry in entries if not entry.get("removed")]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{file} is no recorded live blog: {error}") from None
    recorded = [update for update in recorded if update["headline"] or update["html"] != "<p></p>"]
    return sorted(recorded, key=lambda update: update["at"])


def _recorded(entry: dict[str, Any]) -> dict[str, Any]:
    texts = [block.get("html") or f"<p>{escape(block.get('text', ''))}</p>" for block in entry.get("blocks", ())]
    at = datetime.fromisoformat(entry["time"]).timestamp()
    return {"at": at, "headline": entry.get("headline") or "", "html": "".join(texts) or "<p></p>"}


WORDS = ("harbour", "gate", "water", "crew", "council", "bridge", "storm", "ferry", "pump", "market", "school", "road")
