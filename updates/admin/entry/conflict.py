"""The other version beside content that was refused, and what happens if the form is sent again."""

from dataclasses import dataclass
from typing import cast

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from updates.choices import EntryStatus
from updates.content.diff import ChangedLine, compared_lines, lines_of
from updates.content.published import BlockJSON, DrawnContent
from updates.models import Entry
from updates.publishing import EntryContent, EntryResult
from updates.publishing.content_mapping import desk_content
from updates.publishing.revisions import revision_content

from .history import PARTS
from .preview_data import EntryPreview, entry_preview

PICTURE = "photo"
UNLABELLED = {"headline", "text"}


@dataclass(frozen=True)
class Pair:
    """One line of the other version, and what was typed in its place."""

    line: ChangedLine

    @property
    def label(self) -> str | Promise:
        return "" if self.line.part in UNLABELLED else PARTS[self.line.part]

    @property
    def pictures(self) -> list[str]:
        """Return the addresses of both pictures; empty for text."""
        if self.line.part != PICTURE:
            return []
        ids = ("".join(piece.text for piece in side) for side in (self.line.before, self.line.after))
        return [reverse("admin:updates_picture", args=[public_id]) if public_id else "" for public_id in ids]


@dataclass(frozen=True)
class Conflict:
    heading: str
    other: EntryPreview
    pairs: list[Pair]
    advice: str
    """Says what sending the form again does."""
    link: tuple[str, str] | None = None
    """Address and text of an alternative."""


def conflict_of(result: EntryResult, typed: EntryContent, entry: Entry | None) -> Conflict | None:
    """Compare what was typed with the version it conflicts with. ``entry`` is the one in the form."""
    other = result.other
    if other is None:
        return None
    preview = entry_preview(other, revision_content(result.revision) if result.revision else None)
    heading, advice, link = _explanation(result, other, entry)
    return Conflict(heading, preview, _pairs(other, preview, typed), advice, link)


def _pairs(entry: Entry, preview: EntryPreview, typed: EntryContent) -> list[Pair]:
    blocks = cast("list[BlockJSON]", preview.blocks)
    theirs = DrawnContent(headline=preview.headline, blocks=blocks, bylines=preview.bylines)
    yours = desk_content(entry, typed)
    return [Pair(line) for line in compared_lines(lines_of(theirs), lines_of(yours))]


def _explanation(result: EntryResult, other: Entry, entry: Entry | None) -> tuple[str, str, tuple[str, str] | None]:
    change = reverse("admin:updates_entry_change", args=[other.pk])
    is_another = result.is_reused_key and entry is None  # sent again it makes an update of its own
    if result.revision:
        heading = _("The newer submitted change")
        advice = _("Approve again to publish the text in the form below instead of the author’s newer text.")
        return heading, advice, (f"{change}?revision=1", _("Open the newer change"))
    if is_another and other.is_unpublished:
        return _("What was already saved"), _("Your text is below. Press again to save it as another update."), None
    if is_another:
        heading = _("What was already published")
        advice = _(
            "Your text is below. To replace what was published, change that update. To publish your text as "
            "another update, publish again."
        )
        return heading, advice, (change, _("Change that update"))
    if other.is_unpublished:
        advice = _("It is not published. Your text is below. Press again to replace the saved text with yours.")
        link = None if entry else (change, _("Open the newer version"))
        return _("The newer draft") if other.status == EntryStatus.DRAFT else _("The newer version"), advice, link
    advice = _("Your text is below. Press again to replace the newer version with it.")
    return _("The newer version"), advice, None
