"""Renders the blocks of an entry, each with the template of its kind. To add a kind, see “How do I…” in the README."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings

from updates.content.charts_and_maps import CHART_NAMES, MAP_NAMES
from updates.content.provider import ANY_HOST, player_hosts
from updates.content.providers import providers_of_site
from updates.languages import own_name
from updates.models import Entry
from updates.untyped import Context

from .pictures import Picture, picture

QUOTATION_MARKS = tuple("\"'“”„‘’‚«»‹›「『")


@dataclass(frozen=True)
class Captions:
    """The track of a film; ``name`` is what a language calls itself."""

    address: str
    language: str
    name: str


@dataclass(frozen=True)
class Block:
    """A block for its template. ``data`` is the stored block; ``content/published.py`` has its type."""

    template: str
    data: Context
    picture: Picture | None = None
    captions: Captions | None = None
    player: str = ""
    """Address of the frame of an embed, if it has one."""

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
    """Photos that follow each other, for one template: they stand side by side, with their own words or one for all."""

    photos: list[Block]
    template: str = "updates/blocks/gallery.html"

    @property
    def columns(self) -> int:
        """Return the number of photos beside each other on a wide page, so that rows are full where possible."""
        return 2 if len(self.photos) in {2, 4} else 3

    @property
    def shared_words(self) -> Context | None:
        """Return caption and credit if they are the same for all."""
        first, *others = (photo.data for photo in self.photos)
        same = all((data["caption"], data["credit"]) == (first["caption"], first["credit"]) for data in others)
        return first if same else None


@dataclass(frozen=True)
class Signature:
    name: str
    role: str
    photo: Picture | None
    page: str = ""


def blocks_of(entry: Entry) -> list[Block]:
    return [_block(entry, number, data) for number, data in enumerate(entry.content["blocks"], start=1)]


def numbered_block(entry: Entry, number: int) -> Block | None:
    """Return a block by its number in the entry, which counts from one."""
    stored = entry.content["blocks"][number - 1 : number] if number else []
    return _block(entry, number, stored[0]) if stored else None


def captions_address(entry: Entry, number: int) -> str:
    """Return the path of the captions of a published entry's block, whose number counts from one."""
    return f"{entry.get_absolute_url()}captions-{number}.vtt"


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


def _captions(entry: Entry, number: int, data: Context) -> Captions | None:
    """Return the track of a published entry; captions of others have no address."""
    if "captions" not in data or not entry.is_published:
        return None
    language = data["captions"]["language"] or entry.event.language
    return Captions(captions_address(entry, number), language, own_name(language))


def needs_own_frame(data: Context) -> bool:
    """Return whether an embed has a player that pages may not frame by themselves, and settings allow any server."""
    if data.get("provider") != "mastodon" or not data["player"] or _may_be_framed(data["player"]):
        return False
    return any(ANY_HOST in provider.hosts for provider in settings.MASTODON_HOSTS)


def _player(entry: Entry, number: int, data: Context) -> str:
    """Return the address of a frame; empty where the settings no longer allow its host, and it becomes a link."""
    if data["player"] and _may_be_framed(data["player"]):
        return str(data["player"])
    has_own_frame = entry.is_published and needs_own_frame(data)
    return f"{entry.get_absolute_url()}post-{number}/" if has_own_frame else ""


def _may_be_framed(player: str) -> bool:
    """Return whether the policy of pages names the player's host."""
    return urlsplit(player).netloc in player_hosts(providers_of_site())


def _block(entry: Entry, number: int, data: Context) -> Block:
    match data["kind"]:
        case "photo":
            return Block("updates/blocks/photo.html", data, picture(data["image"]))
        case "embed":
            player = _player(entry, number, data)
            template = _embed_template(data, player)
            return Block(template, data, picture(data["poster"]), _captions(entry, number, data), player)
        case kind:
            return Block(f"updates/blocks/{kind}.html", data)


def _embed_template(data: Context, player: str) -> str:
    if data["provider"] == "file":
        return "updates/blocks/sound.html" if data["ref"].startswith("audio/") else "updates/blocks/film.html"
    return "updates/blocks/player.html" if player else "updates/blocks/link.html"
