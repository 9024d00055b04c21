"""Who is at a desk and at which update: for the eyes of those who are there themselves, and soon forgotten.

Processes tell each other over the channel layer, now and then and at each change. What one said holds for
``HOLDS`` seconds, so that nobody stays whose process has died. Without Redis each process knows its own only.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from secrets import token_hex
from typing import Any

from channels.layers import get_channel_layer

from .pulse import DEADLINE

logger = logging.getLogger(__name__)

SAID_EVERY = 8.0
HOLDS = 25.0


@dataclass(frozen=True)
class Place:
    """Somebody's open desk. ``entry`` is the one in its form, ``writing`` that there is something in it."""

    user: int
    name: str
    entry: int | None = None
    writing: bool = False


class Company:
    """Of one event, as this process knows it."""

    kind = "desk.company"

    def __init__(self, event_id: int, say: Callable[[list[dict[str, Any]]], None]) -> None:
        self.group = f"desk.{event_id}"
        self._process = token_hex(8)
        self._mine: dict[object, Place] = {}
        self._others: dict[str, tuple[float, list[Place]]] = {}
        self._say = say
        self._last: list[dict[str, Any]] = []
        self._told: tuple[float, list[Place]] = (float("-inf"), [])

    def put(self, seat: object, place: Place | None) -> None:
        if place is None:
            self._mine.pop(seat, None)
        else:
            self._mine[seat] = place
        self._tell_ours()

    def hear(self, message: dict[str, Any]) -> None:
        """What another process says."""
        if message["process"] == self._process:
            return
        self._others[message["process"]] = (time.monotonic(), [Place(**place) for place in message["places"]])
        self._tell_ours()

    async def tell(self) -> None:
        """Tell the other processes what is new here, and that the rest still holds."""
        said_at, said = self._told
        places = list(self._mine.values())
        now = time.monotonic()
        self._others = {name: told for name, told in self._others.items() if now - told[0] < HOLDS}
        self._tell_ours()
        if places == said and now - said_at < SAID_EVERY:
            return
        self._told = (now, places)
        message = {"type": self.kind, "process": self._process, "places": [asdict(place) for place in places]}
        try:
            async with asyncio.timeout(DEADLINE):
                await _layer().group_send(self.group, message)
        except Exception as error:  # noqa: BLE001 – whatever a broken Redis raises: who is here is nice to know
            logger.debug("Nobody was told who is at a desk: %r", error)

    @property
    def people(self) -> list[dict[str, Any]]:
        """Everybody once, by name, with all the updates they have open."""
        places = [*self._mine.values(), *(place for _at, theirs in self._others.values() for place in theirs)]
        found: dict[int, dict[str, Any]] = {}
        for place in places:
            person = found.setdefault(place.user, {"id": place.user, "name": place.name, "at": [], "writing": False})
            person["writing"] = person["writing"] or place.writing
            if place.entry is not None and place.entry not in person["at"]:
                person["at"].append(place.entry)
        return sorted(found.values(), key=lambda person: (person["name"].casefold(), person["id"]))

    def _tell_ours(self) -> None:
        people = self.people
        if people != self._last:
            self._last = people
            self._say(people)


def _layer() -> Any:
    return get_channel_layer()
