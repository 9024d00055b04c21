"""The types of an imported file, which pydantic checks; ``docs/event-format.md`` describes them."""

from datetime import datetime
from typing import Annotated, Literal

from django.core.exceptions import ValidationError
from django.db.models import Model
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from updates.choices import ORDER_STEP, EventStatus
from updates.content.text import check_text, truncate
from updates.models import EmbedBlock, Entry, Event, Person, PhotoBlock, QuoteBlock
from updates.models.byline import check_page
from updates.publishing.limits import longest
from updates.untyped import JSONObject

from .shapes import FORMAT, VERSION

WHOLE = 2**53 - 1
"""The largest whole number that every JSON parser reads exactly."""

MOST_PLACES = 2**30
"""Half of the largest number that the column of an event's places can hold: publishing goes on above it."""

YEARS = range(1900, 9999)
"""Times of other years cannot be shown in every time zone: their calendar ends at the years 1 and 9999."""


def refusal(reason: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{reason}", {"reason": reason})


def quoted(text: str) -> str:
    """Quote a value in a message, shortened if it is long."""
    return f"“{truncate(text, 100)}”"


def _checked_text(text: str) -> str:
    try:
        check_text(text)
    except ValidationError as error:
        raise refusal(" ".join(error.messages)) from error
    return text


def _checked_page(address: str) -> str:
    try:
        if address:
            check_page(address)
    except ValidationError as error:
        raise refusal(f"{quoted(address)} is not a web address like https://www.paper.example/ines") from error
    return address


def _moment(value: object) -> datetime | None:
    """Parse an ISO 8601 time."""
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "not a text")
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise refusal(f"{quoted(value)} is not a time like 2026-03-13T14:34:00Z") from None
    if moment.tzinfo is None:
        raise refusal(f"{quoted(value)} does not say in which time zone: add Z or an offset like +01:00")
    if moment.year not in YEARS:
        raise refusal(f"{quoted(value)} is not in the years {YEARS[0]} to {YEARS[-1]}")
    return moment


def _status(value: object) -> object:
    if isinstance(value, str) and value not in EventStatus.values:
        raise refusal(f"{quoted(value)} is none of {', '.join(EventStatus.values)}")
    return EventStatus(value) if isinstance(value, str) else value


def _column(model: type[Model], field: str) -> object:
    """Limit a text to the length of its column."""
    return Field(max_length=longest(model, field))


Text = Annotated[str, AfterValidator(_checked_text)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
OptionalMoment = Annotated[datetime | None, BeforeValidator(_moment)]
Whole = Annotated[int, Field(ge=0, le=WHOLE)]
Places = Annotated[int, Field(ge=0, le=MOST_PLACES)]
Status = Annotated[EventStatus | None, BeforeValidator(_status)]


class Part(BaseModel):
    """An object of the file. ``null`` is the same as leaving a field out."""

    model_config = ConfigDict(strict=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def without_null(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: inner for name, inner in value.items() if inner is not None}


class TextPart(Part):
    kind: Literal["text"]
    html: Text = ""
    text: Text = ""


class PhotoPart(Part):
    kind: Literal["photo"]
    picture: Text
    alt: Annotated[Text, _column(PhotoBlock, "alt")] = ""
    caption: Annotated[Text, _column(PhotoBlock, "caption")] = ""
    credit: Annotated[Text, _column(PhotoBlock, "credit")] = ""


class QuotePart(Part):
    kind: Literal["quote"]
    text: Text = ""
    attribution: Annotated[Text, _column(QuoteBlock, "attribution")] = ""


class EmbedPart(Part):
    kind: Literal["embed"]
    url: Text
    lead_in: Annotated[Text, _column(EmbedBlock, "lead_in")] = ""
    title: Annotated[Text, _column(EmbedBlock, "title")] = ""
    poster: Text = ""
    captions: Annotated[Text, _column(EmbedBlock, "captions")] = ""
    captions_language: Annotated[Text, _column(EmbedBlock, "captions_language")] = ""


BlockPart = TextPart | PhotoPart | QuotePart | EmbedPart
BLOCKS: dict[str, type[Part]] = {"text": TextPart, "photo": PhotoPart, "quote": QuotePart, "embed": EmbedPart}


class BylinePart(Part):
    name: Annotated[Text, _column(Person, "name")]
    role: Annotated[Text, _column(Person, "role_line")] = ""
    page: Annotated[Text, _column(Person, "page"), AfterValidator(_checked_page)] = ""
    photo: Text = ""


class NotePart(Part):
    at: Moment
    note: Annotated[Text, _column(Entry, "reader_note")]


class LinePart(Part):
    before: Text = ""
    after: Text = ""


class CorrectionPart(NotePart):
    clarifies: bool = False
    change: list[LinePart] = []


class EntryPart(Part):
    id: Text = ""
    place: Annotated[int, Field(ge=0, le=MOST_PLACES * ORDER_STEP)] = 0
    time: OptionalMoment = None
    updated: OptionalMoment = None
    changed: OptionalMoment = None
    headline: Text = ""
    blocks: list[Annotated[BlockPart, Field(discriminator="kind")]] = []
    bylines: list[BylinePart] = []
    key: bool = False
    pinned: bool = False
    corrections: list[CorrectionPart] = []
    removed: NotePart | None = None


class EventPart(Part):
    title: Text
    slug: Text = ""
    standfirst: Text = ""
    byline: Text = ""
    key_points: list[Text] = []
    key_points_at: OptionalMoment = None
    lead_picture: Text = ""
    language: Text = ""
    time_zone: Text = ""
    page_size: Whole = 10
    shows_ads: bool = True
    shows_reader_count: bool = False
    shows_writing: bool = False
    ended_oldest_first: bool = True
    ends_after: Whole = 0
    sensitive: bool = False
    is_listed: bool = True
    embed_sites: list[Text] = []
    direct_publishing: bool = True
    status: Status = None
    status_note: Annotated[Text, _column(Event, "status_note")] = ""
    planned_start: OptionalMoment = None
    planned_end: OptionalMoment = None
    started_at: OptionalMoment = None
    ended_at: OptionalMoment = None
    changed_at: OptionalMoment = None
    places: Places | None = None


class PicturePart(Part):
    data: Text = ""
    file: Text = ""
    until: OptionalMoment = None


class FilePart(Part):
    """The top level of a file. Event, pictures and entries are parsed one by one, so that all mistakes are reported."""

    format: Text = FORMAT
    version: Whole = VERSION
    order: Text = "oldest first"
    event: object = None
    pictures: JSONObject = {}
    entries: list[object] = []
