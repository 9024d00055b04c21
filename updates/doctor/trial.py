"""The unlisted live blog on which the doctor publishes and removes an update."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from updates import publishing
from updates.choices import ChangeKind, EventStatus
from updates.models import Entry, Event, Image
from updates.publishing import EntryContent, EntryInput, EventDetails, Refused, TextContent
from updates.publishing.clock import database_now
from updates.types import User

SLUG = "doctor-check"

CONTENT: Final = EntryContent("A check", (TextContent("<p>This update checks the site and is removed at once.</p>"),))

DUE_AFTER: Final = 0.5
"""Seconds."""

PUBLISHED_WITHIN: Final = 10.0
"""Seconds: a scheduler reads what is due once a second."""


@dataclass
class Trial:
    event: Event
    actor: User
    _entries: list[Entry] = field(default_factory=list)

    def publish(self) -> str:
        """Publish an update and return its public id."""
        self._entries.append(publishing.publish(self.event.pk, CONTENT, self.actor).entry)
        return self._entries[-1].public_id

    def remove(self) -> None:
        while self._entries:
            self._take_away(self._entries[-1])
            self._entries.pop()

    def _take_away(self, entry: Entry) -> None:
        try:
            publishing.discard(entry.pk, self.actor)
        except Refused:  # it is published
            publishing.remove(entry.pk, self.actor, reason="manage.py doctor")

    def is_scheduler_alive(self) -> bool:
        """Schedule an update and tell whether a server publishes it; it is removed or discarded afterwards."""
        when = database_now() + timedelta(seconds=DUE_AFTER)
        entry = publishing.schedule(EntryInput(self.event.pk, CONTENT), self.actor, when).entry
        self._entries.append(entry)
        end, is_published = time.monotonic() + PUBLISHED_WITHIN, False
        while not is_published and time.monotonic() < end:
            time.sleep(0.1)
            is_published = Entry.objects.get(pk=entry.pk).is_published
        self.remove()
        return is_published


@contextmanager
def trial(actor: User, slug: str = "") -> Iterator[Trial]:
    """Open the doctor's own live blog, or use one that is live; afterwards nothing of the check is left on it."""
    event = Event.objects.get(slug=slug) if slug else _own(actor)
    running = Trial(event, actor)
    try:
        yield running
    finally:
        running.remove()
        if not slug:
            publishing.change_state(event.pk, ChangeKind.END, actor)


def _own(actor: User) -> Event:
    event = Event.objects.filter(slug=SLUG).first()
    if event is None:
        details = EventDetails(title="Check of the site", slug=SLUG, is_listed=False, shows_ads=False)
        event = publishing.create_event(details, actor)
    if event.status == EventStatus.LIVE:
        return event
    step = ChangeKind.REOPEN if event.status == EventStatus.ENDED else ChangeKind.OPEN
    return publishing.change_state(event.pk, step, actor)


def private_names() -> list[str]:
    """Return the name of an original, which nobody may read."""
    return [str(image.master.name) for image in Image.objects.order_by("-pk")[:1]]
