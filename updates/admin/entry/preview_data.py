"""An entry to look at on the desk: what it says, and who changed it last."""

from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from updates.content.published import BlockJSON, BylineJSON
from updates.models import Change, Entry, display_name
from updates.publishing import EntryContent
from updates.publishing.content_mapping import desk_content
from updates.zones import zone_named


@dataclass(frozen=True)
class Shown:
    entry: Entry
    headline: str
    blocks: list[dict[str, Any]]
    bylines: list[BylineJSON]
    saved: str
    """Who changed it last, and when, on the live blog's own clock."""


def shown(entry: Entry, other: EntryContent | None = None) -> Shown:
    """From the content that readers get, or of what is not out from its rows; pictures that are not public are shown
    by the desk's own view. ``other`` are words that wait for approval."""
    content = desk_content(entry, other) if other or entry.is_unpublished else entry.content
    blocks = [{**block, "src": _address(block, is_public=entry.is_published)} for block in content["blocks"]]
    return Shown(entry, content["headline"], blocks, content["bylines"], _saved(entry))


def _saved(entry: Entry) -> str:
    last: Change | None = entry.changes.select_related("actor").first()
    if last is None:
        return ""
    at = max(last.at, entry.saved_at) if entry.is_unpublished and entry.saved_at else last.at  # not each save is logged
    clock = timezone.localtime(at, zone_named(entry.event.time_zone)).strftime("%H:%M")
    return " · ".join(filter(None, (display_name(last.actor), clock)))


def _address(block: BlockJSON, *, is_public: bool) -> str:
    if block["kind"] != "photo":
        return ""
    image = block["image"]
    if not is_public or not image["renditions"]:
        return reverse("admin:updates_picture", args=[image["id"]])
    return str(default_storage.url(image["renditions"][0]["jpeg"]))
