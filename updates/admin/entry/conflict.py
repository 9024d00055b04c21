"""What stands against words that were refused: side by side with them, and what comes of sending them again."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from updates.choices import EntryStatus
from updates.content.diff import ChangedLine, compared_lines, lines_of
from updates.models import Entry
from updates.publishing.content_mapping import desk_content
from updates.publishing.revisions import revision_content

from .form import Attempt
from .history import PARTS
from .preview_data import Shown, shown

PICTURE = "photo"
PLAIN = {"headline", "text"}
"""Parts that need no name beside them."""


@dataclass(frozen=True)
class Pair:
    """One line: what the other version says, and what was typed in its place."""

    line: ChangedLine

    @property
    def label(self) -> str | Promise:
        return "" if self.line.part in PLAIN else PARTS[self.line.part]

    @property
    def pictures(self) -> list[str]:
        """Addresses of both, where it is a picture."""
        if self.line.part != PICTURE:
            return []
        ids = ("".join(piece.text for piece in side) for side in (self.line.before, self.line.after))
        return [reverse("admin:updates_picture", args=[found]) if found else "" for found in ids]


@dataclass(frozen=True)
class Against:
    heading: str
    other: Shown
    pairs: list[Pair]
    advice: str
    """What was typed, and what sending it again does."""
    link: tuple[str, str] | None = None
    """Address and words of the other way."""


def against(attempt: Attempt, original: Entry | None) -> Against | None:
    """``original`` is the entry in the form; none where a new update was written."""
    other = attempt.other
    if other is None:
        return None
    said = revision_content(attempt.revision) if attempt.revision else None
    seen = shown(other, said)
    heading, advice, link = _words(attempt, other, original)
    return Against(heading, seen, _pairs(other, seen, attempt.typed), advice, link)


def _pairs(entry: Entry, seen: Shown, typed: Any) -> list[Pair]:
    theirs = {"headline": seen.headline, "blocks": seen.blocks, "bylines": seen.bylines}
    yours = desk_content(entry, typed)
    return [Pair(line) for line in compared_lines(lines_of(theirs), lines_of(yours))]


def _words(attempt: Attempt, other: Entry, original: Entry | None) -> tuple[str, str, tuple[str, str] | None]:
    change = reverse("admin:updates_entry_change", args=[other.pk])
    if attempt.revision:
        heading = _("What its writer has submitted meanwhile")
        advice = _("Approve again to publish what stands in the form below, in the place of the writer’s new words.")
        return heading, advice, (f"{change}?revision=1", _("Open the change anew"))
    if attempt.is_another and other.is_unpublished:
        return _("What was kept already"), _("Below is what you typed: press again for another update."), None
    if attempt.is_another:
        heading = _("What was published already")
        advice = _(
            "Below is what you typed. To replace what was published, change that update; publish again for another "
            "update."
        )
        return heading, advice, (change, _("Change that update"))
    if other.is_unpublished:
        advice = _("Nothing of it is published. Below is what you typed: press again to put your words in its place.")
        link = None if original else (change, _("Open the newer version"))
        return _("The newer draft") if other.status == EntryStatus.DRAFT else _("The newer version"), advice, link
    advice = _("Below is what you typed. Press again to put it in the place of the newer version.")
    return _("The newer version"), advice, None
