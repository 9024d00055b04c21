"""An entry to look at on the desk: what it says, and who changed it last."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.storage import default_storage
from django.utils import timezone

from ..models import Change, Entry


@dataclass(frozen=True)
class Shown:
    entry: Entry
    headline: str
    blocks: list[dict[str, Any]]
    bylines: list[dict[str, Any]]
    saved: str
    """Who changed it last, and when, on the live blog's own clock."""


def shown(entry: Entry) -> Shown:
    """From the content that readers get; pictures of a removed entry have no address any more."""
    content = entry.content
    blocks = [block | {"src": _address(block, is_public=entry.is_published)} for block in content["blocks"]]
    return Shown(entry, content["headline"], blocks, content["bylines"], _saved(entry))


def _saved(entry: Entry) -> str:
    last: Change | None = entry.changes.select_related("actor").first()
    if last is None:
        return ""
    clock = timezone.localtime(last.at, ZoneInfo(entry.event.time_zone)).strftime("%H:%M")
    who = "" if last.actor is None else last.actor.get_full_name() or last.actor.get_username()
    return " · ".join(filter(None, (who, clock)))


def _address(block: dict[str, Any], *, is_public: bool) -> str:
    image = block.get("image")
    if not image or not is_public or not image["renditions"]:
        return ""
    return str(default_storage.url(image["renditions"][0]["jpeg"]))
