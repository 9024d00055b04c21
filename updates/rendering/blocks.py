"""Renders the blocks of an entry, each with the template of its kind. To add a kind, see “How do I…” in the README."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from updates.content.charts_and_maps import CHART_NAMES, MAP_NAMES
from updates.models import Entry
from updates.untyped import Context

from .pictures import Picture, picture

QUOTATION_MARKS = tuple("\"'“”„‘’‚«»‹›「『")


@dataclass(frozen=True)
class Block:
    """A block for its template. ``data`` is the stored block; ``content/published.py`` has its type."""

    template: str
    data: Context
    picture: Picture | None = None

    @property
    def host(self) -> str:
        """Return the site of an embed as readers see it, such as youtube.com."""
        return (urlsplit(self.data["url"]).hostname or "").removeprefix("www.")

    @property
    def title(self) -> str:
        return self.data["title"] or self.host

    @property
    def has_marks(self) -> bool:
        """Return whether a quote was typed with quotation marks. If not, the style sheet adds the language's own."""
        return bool(self.data["text"].startswith(QUOTATION_MARKS))

    @property
    def is_video(self) -> bool:
        return self.data["aspect"] in {"16/9", "9/16"}

    @property
    def is_chart(self) -> bool:
        return self.data["provider"] in CHART_NAMES

    @property
    def is_map(self) -> bool:
        return self.data["provider"] in MAP_NAMES

    @property
    def is_stream(self) -> bool:
        """Return whether only some browsers play the file."""
        return bool(self.data["ref"] == "application/vnd.apple.mpegurl")


@dataclass(frozen=True)
class Gallery:
    """Photos that follow each other, for one template: they stand side by side, each with its own words."""

    photos: list[Block]
    template: str = "updates/blocks/gallery.html"

    @property
    def columns(self) -> int:
        """Return the number of photos beside each other on a wide page, so that rows are full where possible."""
        return 2 if len(self.photos) in {2, 4} else 3


@dataclass(frozen=True)
class Signature:
    name: str
    role: str
    photo: Picture | None
    page: str = ""


def blocks_of(entry: Entry) -> list[Block]:
    return [_block(data) for data in entry.content["blocks"]]


def in_galleries(blocks: Iterable[Block]) -> list[Block | Gallery]:
    """Put photos that follow each other into galleries."""
    grouped: list[Block | Gallery] = []
    for is_photo, run in groupby(blocks, lambda block: block.data["kind"] == "photo"):
        members = list(run)
        grouped += [Gallery(members)] if is_photo and len(members) > 1 else members
    return grouped


def signatures_of(entry: Entry) -> list[Signature]:
    signed = entry.content["bylines"]
    return [Signature(by["name"], by["role"], picture(by["photo"]), by.get("page", "")) for by in signed]


def _block(data: Context) -> Block:
    match data["kind"]:
        case "photo":
            return Block("updates/blocks/photo.html", data, picture(data["image"]))
        case "embed":
            return Block(_embed_template(data), data, picture(data["poster"]))
        case kind:
            return Block(f"updates/blocks/{kind}.html", data)


def _embed_template(data: Context) -> str:
    if data["provider"] == "file":
        return "updates/blocks/sound.html" if data["ref"].startswith("audio/") else "updates/blocks/film.html"
    return "updates/blocks/player.html" if data["player"] else "updates/blocks/link.html"
