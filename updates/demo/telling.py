"""How a story gets onto the site: each step is one operation of ``updates.publishing``."""

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

from .cast import SIGNATURES, account, person
from .pictures import picture
from .steps import Details, Film, Photo, Piece, Pin, Post, Remove, Rewrite, Step

_CLOCK = re.compile(r"\{(-?\d+)\}")
_EMPTY_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Telling:
    """One story on its way into one event; ``start`` is the moment it was set up."""

    event: Event
    teller: User
    start: datetime

    def perform(self, step: Step, at: datetime | None = None) -> None:
        """Raises what the operation raises where a step does not fit what people have made of the event."""
        match step:
            case Post():
                self._post(step, at)
            case Rewrite():
                self._rewrite(self.entry(step.name), step, at)
            case Pin():
                publishing.pin(self.entry(step.name).pk, self.teller, at=at)
            case Remove():
                entry = self.entry(step.name)
                publishing.remove(entry.pk, self.teller, reason=step.reason, reader_note=step.reader_note, at=at)
            case Details():
                publishing.change_event(self.event.pk, step.details, self.teller, at=at)

    def entry(self, name: str) -> Entry:
        found = Entry.objects.filter(event=self.event, idempotency_key=self.key(name)).first()
        if found is None:
            raise Refused(f"The story has no update “{name}” any more.")
        return found

    def key(self, name: str) -> str:
        """Under which an update is posted, so that no retry and no second process doubles it."""
        return f"{self.event.slug}/{name}"

    def _post(self, step: Post, at: datetime | None) -> None:
        author = self._author(step, at)
        content = EntryContent(
            headline=self._clocked(step.headline),
            blocks=self._blocks(step.pieces),
            bylines=(person(step.by, self.teller).pk,),
            is_key=step.is_key and author == self.teller,
        )
        posted = publishing.publish(self.event.pk, content, author, key=self.key(step.name), at=at)
        if step.is_key and posted.is_new and not content.is_key:  # a correspondent may not mark what is key
            publishing.mark_key(posted.entry.pk, self.teller, is_key=True, at=at)

    def _author(self, step: Post, at: datetime | None) -> User:
        """The past is written by whoever signs it, where they have an account; what comes now, by the newsdesk."""
        username = SIGNATURES[step.by].username
        return account(username) if username and at else self.teller

    def _rewrite(self, entry: Entry, step: Rewrite, at: datetime | None) -> None:
        before = publishing.read_content(entry)
        content = replace(before, headline=step.headline or before.headline, blocks=self._blocks(step.pieces))
        if step.note:
            publishing.correct(entry.pk, content, step.note, self.teller, version=entry.version, at=at)
        else:
            publishing.edit(entry.pk, content, self.teller, version=entry.version, at=at)

    def _blocks(self, pieces: Iterable[Piece]) -> tuple[BlockContent, ...]:
        return tuple(self._block(piece) for piece in pieces)

    def _block(self, piece: Piece) -> BlockContent:
        match piece:
            case str():
                return TextContent(html(self._clocked(piece)))
            case Photo(file, alt, credit, caption):
                return PhotoContent(picture(file, self.teller), alt=alt, credit=credit, caption=caption)
            case Film(url, lead_in, title, poster):
                return EmbedContent(url, lead_in, title, picture(poster, self.teller) if poster else None)
            case QuoteContent():
                return piece

    def _clocked(self, text: str) -> str:
        zone = ZoneInfo(self.event.time_zone)

        def clock(found: re.Match[str]) -> str:
            return (self.start + timedelta(minutes=int(found[1]))).astimezone(zone).strftime("%H:%M")

        return _CLOCK.sub(clock, text)


def html(text: str) -> str:
    """Paragraphs between empty lines; a list stays one."""
    parts = (" ".join(part.split()) for part in _EMPTY_LINES.split(text.strip()))
    return "".join(part if part.startswith(("<ul>", "<ol>")) else f"<p>{part}</p>" for part in parts)
