"""An entry to look at on the desk: what it says, and who changed it last."""

from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage

from ..models import Change, Entry


@dataclass(frozen=True)
class Shown:
    entry: Entry
    headline: str
    blocks: list[dict[str, Any]]
    bylines: list[dict[str, Any]]
    last_change: Change | None


def shown(entry: Entry) -> Shown:
    """From the content that readers get; pictures of a removed entry have no address any more."""
    content = entry.content
    blocks = [block | {"src": _address(block, is_public=entry.is_published)} for block in content["blocks"]]
    last = entry.changes.select_related("actor").first()
    return Shown(entry, content["headline"], blocks, content["bylines"], last)


def _address(block: dict[str, Any], *, is_public: bool) -> str:
    image = block.get("image")
    if not image or not is_public or not image["renditions"]:
        return ""
    return str(default_storage.url(image["renditions"][0]["jpeg"]))
