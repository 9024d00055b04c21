"""The other version beside content that was refused, and what happens if the form is sent again."""

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import cast

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from updates import publishing
from updates.admin.blocks import PLACE, initial_blocks
from updates.choices import EntryStatus
from updates.content.diff import ChangedLine, compared_lines, lines_of
from updates.content.published import BlockJSON, DrawnContent
from updates.models import Change, Entry, Image, display_name
from updates.publishing import EntryContent, EntryResult
from updates.publishing.content_mapping import desk_content
from updates.publishing.last_change import actor_name
from updates.publishing.revisions import revision_content
from updates.types import User
from updates.untyped import Context

from .history import PARTS, picture_addresses
from .preview_data import EntryPreview, entry_preview

UNLABELLED = {"headline", "text"}


@dataclass(frozen=True)
class Pair:
    """One line of the other version, and what was typed in its place."""

    line: ChangedLine

    @property
    def label(self) -> str | Promise:
        return "" if self.line.part in UNLABELLED else PARTS[self.line.part]

    @property
    def pictures(self) -> tuple[str, str] | None:
        """Return the addresses of both pictures; None for text."""
        return picture_addresses(self.line)


@dataclass(frozen=True)
class Conflict:
    heading: str
    other: EntryPreview
    pairs: list[Pair]
    advice: str
    """Says what sending the form again does."""
    link: tuple[str, str] | None = None
    """Address and text of an alternative."""
    who: str = ""
    """Who saved the other version; empty if it is the user's own."""
    composition: Context | None = None
    """The other version as scripts read a form, to be merged with what was typed."""


def conflict_of(result: EntryResult, typed: EntryContent, entry: Entry | None, user: User) -> Conflict | None:
    """Compare what was typed with the version it conflicts with. ``entry`` is the one in the form."""
    other = result.other
    if other is None:
        return None
    preview = entry_preview(other, revision_content(result.revision) if result.revision else None)
    heading, advice, link = _explanation(result, other, entry)
    is_newer = not (result.revision or (result.is_reused_key and entry is None))
    return Conflict(
        heading,
        preview,
        _pairs(other, preview, typed),
        advice,
        link,
        who=_who(result, other, user),
        composition=_composition(other) if is_newer else None,
    )


def _who(result: EntryResult, other: Entry, user: User) -> str:
    """Return the name of somebody else who saved the other version."""
    if result.revision:
        return display_name(result.revision.author)
    last: Change | None = other.changes.select_related("actor").first()
    return "" if last is None or last.actor_id == user.pk else actor_name(last.actor)


def _composition(entry: Entry) -> Context:
    """Return an entry as ``static/js/admin/composition.js`` reads a form."""
    content = publishing.read_content(entry)
    fields = {
        "headline": [content.headline],
        "bylines": [*map(str, content.bylines), ""],
        "is_key": ["on"] if content.is_key else [],
    }
    kinds = initial_blocks(content.blocks, entry.event.time_zone)
    placed = [(values["ordering"], kind, values) for kind, of_kind in kinds.items() for values in of_kind]
    blocks = [{"kind": kind, "values": _values(values)} for _place, kind, values in sorted(placed, key=itemgetter(0))]
    return {"version": entry.version, "fields": fields, "blocks": blocks}


def _values(values: Context) -> dict[str, list[str]]:
    return {name: [_as_sent(value)] for name, value in values.items() if name not in PLACE}


def _as_sent(value: object) -> str:
    match value:
        case Image():
            return value.public_id
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M")
    return str(value or "")


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
        advice = _("Your text is below. Publish it instead of the author’s newer text, or open the newer change.")
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
        advice = _("It is not published. Take its changes into your text below, or replace it with yours.")
        link = None if entry else (change, _("Open the newer version"))
        return _("The newer draft") if other.status == EntryStatus.DRAFT else _("The newer version"), advice, link
    advice = _("Take its changes into your text below, or replace it with yours.")
    return _("The newer version"), advice, None
