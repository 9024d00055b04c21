"""Writes the steps of a story into a live blog, each by one operation of ``updates.publishing``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User

from updates import publishing
from updates.models import Entry, Event
from updates.publishing import (
    BlockContent,
    EmbedContent,
    EntryContent,
    PhotoContent,
    QuoteContent,
    Refused,
    TextContent,
)

from .people import BYLINES, byline_person, demo_user
from .pictures import picture_id
from .steps import Details, Edit, Embed, Photo, Pin, Post, Remove, Step, StoryBlock

_TIME = re.compile(r"\{(-?\d+)\}")
_EMPTY_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class StoryWriter:
    """Writes one story into one event. ``start`` is the time of the set-up."""

    event: Event
    newsdesk: User
    start: datetime

    def perform(self, step: Step, at: datetime | None = None) -> None:
        """Perform a step. Raises what the operation raises if people have changed the event so that it does not fit."""
        match step:
            case Post():
                self._post(step, at)
            case Edit():
                self._edit(self.entry(step.name), step, at)
            case Pin():
                publishing.pin(self.entry(step.name).pk, self.newsdesk, at=at)
            case Remove():
                entry = self.entry(step.name)
                publishing.remove(entry.pk, self.newsdesk, reason=step.reason, reader_note=step.reader_note, at=at)
            case Details():
                publishing.change_event(self.event.pk, step.details, self.newsdesk, at=at)

    def entry(self, name: str) -> Entry:
        entry = Entry.objects.filter(event=self.event, idempotency_key=self.key(name)).first()
        if entry is None:
            raise Refused(f"There is no update “{name}”.")
        return entry

    def key(self, name: str) -> str:
        """Return the idempotency key of an update: neither a retry nor a second process publishes it twice."""
        return f"{self.event.slug}/{name}"

    def _post(self, step: Post, at: datetime | None) -> None:
        author = self._author(step, at)
        content = EntryContent(
            headline=self._fill_times(step.headline),
            blocks=self._blocks(step.blocks),
            bylines=(byline_person(step.by, self.newsdesk).pk,),
            is_key=step.is_key and author == self.newsdesk,
        )
        posted = publishing.publish(self.event.pk, content, author, key=self.key(step.name), at=at)
        if step.is_key and posted.is_new and not content.is_key:  # correspondents may not mark key events
            publishing.mark_key(posted.entry.pk, self.newsdesk, is_key=True, at=at)

    def _author(self, step: Post, at: datetime | None) -> User:
        """Return who publishes a step: the person of the byline for the past (``at``), the newsdesk for the future."""
        username = BYLINES[step.by].username
        return demo_user(username) if username and at else self.newsdesk

    def _edit(self, entry: Entry, step: Edit, at: datetime | None) -> None:
        before = publishing.read_content(entry)
        content = replace(before, headline=step.headline or before.headline, blocks=self._blocks(step.blocks))
        if step.note:
            publishing.correct(entry.pk, content, step.note, self.newsdesk, version=entry.version, at=at)
        else:
            publishing.edit(entry.pk, content, self.newsdesk, version=entry.version, at=at)

    def _blocks(self, blocks: Iterable[StoryBlock]) -> tuple[BlockContent, ...]:
        return tuple(self._block(block) for block in blocks)

    def _block(self, block: StoryBlock) -> BlockContent:
        match block:
            case str():
                return TextContent(html(self._fill_times(block)))
            case Photo(file, alt, credit, caption):
                return PhotoContent(picture_id(file, self.newsdesk), alt=alt, credit=credit, caption=caption)
            case Embed(url, lead_in, title, poster):
                return EmbedContent(url, lead_in, title, picture_id(poster, self.newsdesk) if poster else None)
            case QuoteContent():
                return block

    def _fill_times(self, text: str) -> str:
        zone = ZoneInfo(self.event.time_zone)

        def time_of_day(match: re.Match[str]) -> str:
            return (self.start + timedelta(minutes=int(match[1]))).astimezone(zone).strftime("%H:%M")

        return _TIME.sub(time_of_day, text)


def html(text: str) -> str:
    """Turn text separated by empty lines into paragraphs; keep lists as they are."""
    parts = (" ".join(part.split()) for part in _EMPTY_LINES.split(text.strip()))
    return "".join(part if part.startswith(("<ul>", "<ol>")) else f"<p>{part}</p>" for part in parts)
