"""JSON types of the published content of an entry, from which pages and frames are rendered."""

from typing import Literal, NotRequired, TypedDict


class RenditionJSON(TypedDict):
    """One public size; ``webp`` and ``jpeg`` are file names in the public storage."""

    width: int
    height: int
    webp: str
    jpeg: str


class ImageJSON(TypedDict):
    id: str
    width: int
    height: int
    colour: str
    renditions: list[RenditionJSON]


class BylineJSON(TypedDict):
    name: str
    role: str
    photo: ImageJSON | None
    page: NotRequired[str]
    """Address of a page about the person."""


class TextJSON(TypedDict):
    kind: Literal["text"]
    html: str


class PhotoJSON(TypedDict):
    kind: Literal["photo"]
    image: ImageJSON
    alt: str
    caption: str
    credit: str


class QuoteJSON(TypedDict):
    kind: Literal["quote"]
    text: str
    attribution: str


class CaptionsJSON(TypedDict):
    """``text`` is WebVTT; ``language`` is empty for that of the live blog."""

    language: str
    text: str


class EmbedJSON(TypedDict):
    kind: Literal["embed"]
    url: str
    provider: str
    ref: str
    title: str
    lead_in: str
    aspect: str
    player: str | None
    poster: ImageJSON | None
    captions: NotRequired[CaptionsJSON]


BlockJSON = TextJSON | PhotoJSON | QuoteJSON | EmbedJSON


class CorrectionJSON(TypedDict):
    """``at`` is an ISO time. ``change`` has each line that differs, as pairs of “=”, “-” or “+” and words."""

    at: str
    note: str
    clarifies: NotRequired[bool]
    change: NotRequired[list[list[list[str]]]]


class DrawnContent(TypedDict):
    """The content of a version, published or not."""

    headline: str
    blocks: list[BlockJSON]
    bylines: list[BylineJSON]


class PublishedContent(DrawnContent):
    """Value of ``Entry.content``, from which readers' pages are rendered."""

    corrections: list[CorrectionJSON]
