"""Check the entries of a file."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.core.exceptions import ValidationError

from updates.publishing import (
    BlockContent,
    EmbedContent,
    EntryContent,
    PhotoContent,
    QuoteContent,
    TextContent,
)
from updates.publishing.imports import EntryRecord, Removal

from . import corrections
from .checking_times import check_entry_times
from .input_models import BlockPart, BylinePart, EmbedPart, EntryPart, PhotoPart, QuotePart, TextPart, quoted
from .parsing import parsed
from .problems import Problems
from .references import References, Signature

PUBLIC_ID_LENGTH = 10


@dataclass(frozen=True)
class EntryCheck:
    """Reads entries one after the other and adds their pictures and bylines to ``references``."""

    references: References
    pictures: frozenset[str]
    now: datetime
    problems: Problems

    def entry(self, value: object, path: str) -> EntryRecord | None:
        part = parsed(EntryPart, value, path, self.problems)
        if part is None:
            return None
        self._check_marks(part, path)
        check_entry_times(part, path, self.now, self.problems)
        return EntryRecord(
            content=EntryContent() if part.removed else self._content(part, path),
            time=part.time or self.now,
            place=part.place,
            public_id=part.id,
            is_pinned=part.pinned,
            updated_at=part.updated,
            changed_at=part.changed,
            corrections=tuple(map(corrections.correction_record, part.corrections)),
            removal=Removal(part.removed.at, part.removed.note) if part.removed else None,
        )

    def _check_marks(self, part: EntryPart, path: str) -> None:
        if part.id and not (len(part.id) == PUBLIC_ID_LENGTH and part.id.isascii() and part.id.isalnum()):
            reason = f"is not {PUBLIC_ID_LENGTH} letters and digits; leave it out to get a new one"
            self.problems.add(f"{path}.id", f"{quoted(part.id)} {reason}")
        if part.removed is None:
            return
        for name in ("headline", "blocks", "bylines", "key"):
            if getattr(part, name):
                self.problems.add(f"{path}.{name}", "a removed update says nothing but its note")
        if part.pinned:
            self.problems.add(f"{path}.pinned", "a removed update cannot be pinned")

    def _content(self, part: EntryPart, path: str) -> EntryContent:
        problems_before = len(self.problems)
        content = EntryContent(
            headline=part.headline,
            blocks=tuple(self._block(block, f"{path}.blocks[{number}]") for number, block in enumerate(part.blocks)),
            bylines=tuple(
                self._byline(byline, f"{path}.bylines[{number}]") for number, byline in enumerate(part.bylines)
            ),
            is_key=part.key,
        )
        if len(self.problems) == problems_before:
            self._check_content(content, path)
        return content

    def _byline(self, part: BylinePart, path: str) -> int:
        self.picture(part.photo, f"{path}.photo")
        return self.references.person(Signature(part.name, part.role, part.page, part.photo))

    def _block(self, part: BlockPart, path: str) -> BlockContent:
        match part:
            case TextPart():
                return self._text(part, path)
            case PhotoPart():
                image = self.picture(part.picture, f"{path}.picture")
                return PhotoContent(image, alt=part.alt, caption=part.caption, credit=part.credit)
            case QuotePart():
                return QuoteContent(part.text, part.attribution)
            case EmbedPart():
                poster = self.picture(part.poster, f"{path}.poster") or None
                captions = part.captions, part.captions_language
                return EmbedContent(part.url, part.lead_in, part.title, poster, *captions)

    def _text(self, part: TextPart, path: str) -> TextContent:
        """Read ``html``, or plain ``text`` with empty lines between paragraphs."""
        if part.html and part.text:
            self.problems.add(f"{path}.text", "give html or text, not both")
        paragraphs = (escape(paragraph) for paragraph in part.text.split("\n\n"))
        return TextContent(part.html or "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))

    def picture(self, name: str, path: str) -> int:
        """Return the number of a picture of the file, 0 for none."""
        if name and name not in self.pictures:
            self.problems.add(path, f"there is no picture {quoted(name)} among the file’s pictures")
        return self.references.picture(name) if name else 0

    def _check_content(self, content: EntryContent, path: str) -> None:
        """Clean the content as publishing does. If that is refused, report the blocks that are refused."""
        try:
            content.cleaned()
        except ValidationError as error:
            blocks = [self._is_refused(block, f"{path}.blocks[{at}]") for at, block in enumerate(content.blocks)]
            if not any(blocks):
                self.problems.add_all(path, error)

    def _is_refused(self, block: BlockContent, path: str) -> bool:
        try:
            block.cleaned()
        except ValidationError as error:
            self.problems.add_all(path, error)
            return True
        return False
