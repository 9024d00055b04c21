"""JSON types of an exported file, as ``docs/event-format.md`` describes them."""

from typing import Final, Literal, NotRequired, TypedDict

FORMAT: Final = "live blog"
VERSION: Final = 1


class TextShape(TypedDict):
    kind: Literal["text"]
    html: str


class PhotoShape(TypedDict):
    kind: Literal["photo"]
    picture: str
    alt: str
    caption: NotRequired[str]
    credit: str


class QuoteShape(TypedDict):
    kind: Literal["quote"]
    text: str
    attribution: str


class EmbedShape(TypedDict):
    kind: Literal["embed"]
    url: str
    lead_in: NotRequired[str]
    title: NotRequired[str]
    poster: NotRequired[str]
    captions: NotRequired[str]
    captions_language: NotRequired[str]


BlockShape = TextShape | PhotoShape | QuoteShape | EmbedShape


class BylineShape(TypedDict):
    name: str
    role: NotRequired[str]
    page: NotRequired[str]
    photo: NotRequired[str]


class NoteShape(TypedDict):
    at: str
    note: str


class LineShape(TypedDict):
    before: str
    after: str


class CorrectionShape(NoteShape):
    clarifies: NotRequired[bool]
    change: NotRequired[list[LineShape]]


class EntryShape(TypedDict):
    id: str
    place: int
    time: str
    updated: NotRequired[str]
    changed: NotRequired[str]
    headline: NotRequired[str]
    blocks: NotRequired[list[BlockShape]]
    bylines: NotRequired[list[BylineShape]]
    key: NotRequired[bool]
    pinned: NotRequired[bool]
    corrections: NotRequired[list[CorrectionShape]]
    removed: NotRequired[NoteShape]


class EventShape(TypedDict):
    title: str
    slug: str
    standfirst: str
    byline: str
    key_points: list[str]
    key_points_at: str | None
    lead_picture: str | None
    language: str
    time_zone: str
    page_size: int
    shows_ads: bool
    shows_reader_count: bool
    shows_writing: bool
    ended_oldest_first: bool
    ends_after: int | None
    sensitive: bool
    is_listed: bool
    embed_sites: list[str]
    direct_publishing: bool
    status: str
    status_note: str
    planned_start: str | None
    planned_end: str | None
    started_at: str | None
    ended_at: str | None
    changed_at: str | None
    places: int


class PictureShape(TypedDict, total=False):
    """A picture: either base64 or a file next to the JSON. ``until`` is the end of the right to show it."""

    data: str
    file: str
    until: str


class FileShape(TypedDict):
    format: str
    version: int
    event: EventShape
    pictures: dict[str, PictureShape]
    entries: list[EntryShape]
