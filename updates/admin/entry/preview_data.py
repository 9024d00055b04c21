"""The content of an entry for pages of the desk, and who changed it last."""

from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from updates.content.published import BlockJSON, BylineJSON
from updates.models import Change, Entry, display_name
from updates.publishing import EntryContent
from updates.publishing.content_mapping import desk_content
from updates.untyped import Context
from updates.zones import zone_named


@dataclass(frozen=True)
class EntryPreview:
    entry: Entry
    headline: str
    blocks: list[Context]  # JSON, with the address of its picture in each
    bylines: list[BylineJSON]
    saved: str
    """The user who changed it last, and the time in the live blog's time zone."""


def entry_preview(entry: Entry, content: EntryContent | None = None) -> EntryPreview:
    """Read the content that readers get, or an unpublished entry's rows. ``content`` is shown instead, such as a
    submitted change. Pictures that are not public come from the desk's own view."""
    data = desk_content(entry, content) if content or entry.is_unpublished else entry.content
    blocks = [{**block, "src": _picture_address(block, is_public=entry.is_published)} for block in data["blocks"]]
    return EntryPreview(entry, data["headline"], blocks, data["bylines"], _last_saved(entry))


def _last_saved(entry: Entry) -> str:
    last: Change | None = entry.changes.select_related("actor").first()
    if last is None:
        return ""
    at = last.at
    if entry.is_unpublished and entry.saved_at:  # not every autosave is logged
        at = max(at, entry.saved_at)
    clock = timezone.localtime(at, zone_named(entry.event.time_zone)).strftime("%H:%M")
    return " · ".join(filter(None, (display_name(last.actor), clock)))


def _picture_address(block: BlockJSON, *, is_public: bool) -> str:
    if block["kind"] != "photo":
        return ""
    image = block["image"]
    if not is_public or not image["renditions"]:
        return reverse("admin:updates_picture", args=[image["id"]])
    return str(default_storage.url(image["renditions"][0]["jpeg"]))
