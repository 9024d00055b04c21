"""Entries of a file: their texts, pictures and marks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.core.exceptions import ValidationError

from updates.choices import ORDER_STEP
from updates.models import EmbedBlock, Entry, Person, PhotoBlock, QuoteBlock
from updates.publishing import BlockContent, EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from updates.publishing.imports import EntryRecord, Removal
from updates.publishing.limits import longest

from . import corrections
from .fields import Fields
from .references import Cited, Signature

PUBLIC_ID_LENGTH = 10

MOST_PLACES = 2**30
"""Half of what the column of an event's places holds, so that there is room to go on publishing."""


@dataclass(frozen=True)
class EntryCheck:
    """Reads entries one after the other; what they cite is added to ``cited``."""

    cited: Cited
    pictures: frozenset[str]
    now: datetime

    def entry(self, fields: Fields) -> EntryRecord:
        removal = self._removal(fields)
        record = EntryRecord(
            content=EntryContent() if removal else self._content(fields),
            time=fields.moment("time") or self.now,
            place=fields.number("place", most=MOST_PLACES * ORDER_STEP),
            public_id=_public_id(fields),
            is_pinned=fields.flag("pinned"),
            updated_at=fields.moment("updated"),
            corrections=tuple(corrections.read(fields.parts("corrections"), self.now)),
            removal=removal,
        )
        if removal and record.is_pinned:
            fields.blame("pinned", "a removed update cannot be pinned")
        fields.end()
        return record

    def _removal(self, fields: Fields) -> Removal | None:
        removed = fields.part("removed")
        if removed is None:
            return None
        at, note = next(self._notes(iter([removed])))
        for name in ("headline", "blocks", "bylines", "key"):
            if fields.values.get(name):
                fields.blame(name, "a removed update says nothing but its note")
        return Removal(at, note)

    def _notes(self, parts: Iterator[Fields]) -> Iterator[tuple[datetime, str]]:
        for part in parts:
            at = part.moment("at", needed=True) or self.now
            yield at, part.text("note", needed=True, longest=longest(Entry, "reader_note"))
            part.end()

    def _content(self, fields: Fields) -> EntryContent:
        problems_before = len(fields.problems)
        content = EntryContent(
            headline=fields.text("headline"),
            blocks=tuple(block for part in fields.parts("blocks") if (block := self._block(part))),
            bylines=tuple(self._byline(part) for part in fields.parts("bylines")),
            is_key=fields.flag("key"),
        )
        if len(fields.problems) == problems_before:
            _check(content, fields)
        return content

    def _byline(self, fields: Fields) -> int:
        name = fields.text("name", needed=True, longest=longest(Person, "name"))
        role = fields.text("role", longest=longest(Person, "role_line"))
        photo = self.picture_name(fields, "photo")
        if photo:
            self.cited.picture(photo)
        fields.end()
        return self.cited.person(Signature(name, role, photo))

    def _block(self, fields: Fields) -> BlockContent | None:
        kind = fields.text("kind", needed=True)
        block: BlockContent | None = None
        match kind:
            case "text":
                block = _text(fields)
            case "photo":
                block = self._photo(fields)
            case "quote":
                most = longest(QuoteBlock, "attribution")
                words, attribution = fields.text("text"), fields.text("attribution", longest=most)
                block = QuoteContent(words, attribution)
            case "embed":
                block = self._embed(fields)
            case _:
                fields.blame("kind", f"“{kind}” is none of text, photo, quote, embed")
                return None
        fields.end()
        return block

    def _photo(self, fields: Fields) -> PhotoContent:
        return PhotoContent(
            image_id=self._picture(fields, "picture", needed=True),
            alt=fields.text("alt", longest=longest(PhotoBlock, "alt")),
            caption=fields.text("caption", longest=longest(PhotoBlock, "caption")),
            credit=fields.text("credit", longest=longest(PhotoBlock, "credit")),
        )

    def _embed(self, fields: Fields) -> EmbedContent:
        return EmbedContent(
            url=fields.text("url", needed=True),
            lead_in=fields.text("lead_in", longest=longest(EmbedBlock, "lead_in")),
            title=fields.text("title", longest=longest(EmbedBlock, "title")),
            poster_id=self._picture(fields, "poster") or None,
        )

    def _picture(self, fields: Fields, field: str, *, needed: bool = False) -> int:
        """The number of a picture that the file has, 0 for none."""
        name = self.picture_name(fields, field, needed=needed)
        return self.cited.picture(name) if name else 0

    def picture_name(self, fields: Fields, field: str, *, needed: bool = False) -> str:
        name = fields.text(field, needed=needed)
        if name and name not in self.pictures:
            fields.blame(field, f"there is no picture “{name}” among the file’s pictures")
        return name


def _text(fields: Fields) -> TextContent:
    """``html``, or plain ``text`` in which an empty line begins a paragraph."""
    html, text = fields.text("html"), fields.text("text")
    if html and text:
        fields.blame("text", "give html or text, not both")
    paragraphs = (escape(paragraph) for paragraph in text.split("\n\n"))
    return TextContent(html or "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))


def _public_id(fields: Fields) -> str:
    public_id = fields.text("id")
    if public_id and not (len(public_id) == PUBLIC_ID_LENGTH and public_id.isascii() and public_id.isalnum()):
        fields.blame("id", f"“{public_id}” is not {PUBLIC_ID_LENGTH} letters and digits; leave it out to get a new one")
    return public_id


def _check(content: EntryContent, fields: Fields) -> None:
    """As publishing will; where it refuses, look for the block that it refuses."""
    try:
        content.cleaned()
    except ValidationError as error:
        blamed = False
        for number, block in enumerate(content.blocks):
            blamed |= _blame_block(block, fields, f"blocks[{number}]")
        if not blamed:
            fields.blame_all("", error)


def _blame_block(block: BlockContent, fields: Fields, path: str) -> bool:
    try:
        block.cleaned()
    except ValidationError as error:
        fields.blame_all(path, error)
        return True
    return False
