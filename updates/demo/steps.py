"""Steps and blocks that stories are made of."""

from dataclasses import dataclass

from updates.choices import ChangeKind
from updates.publishing import EventDetails, QuoteContent


@dataclass(frozen=True)
class Photo:
    """Photo block; ``file`` is a file in ``photos/``."""

    file: str
    alt: str
    credit: str
    caption: str = ""


@dataclass(frozen=True)
class Embed:
    url: str
    lead_in: str
    title: str
    poster: str = ""


StoryBlock = str | Photo | Embed | QuoteContent
"""A string is a text block: paragraphs and lists separated by empty lines, with the tags that the editor allows.

In texts and headlines ``{-35}`` is replaced by the time of day 35 minutes before the set-up.
"""


@dataclass(frozen=True)
class Post:
    """Publishes an update. ``by`` is a key of ``BYLINES``; ``minute`` is unused in steps of the future."""

    name: str
    by: str
    headline: str
    blocks: tuple[StoryBlock, ...]
    minute: int = 0
    is_key: bool = False
    kind = ChangeKind.PUBLISH


@dataclass(frozen=True)
class Edit:
    """Edits an earlier update, or corrects it if there is a note."""

    name: str
    blocks: tuple[StoryBlock, ...]
    headline: str = ""
    """Empty: unchanged."""
    note: str = ""
    minute: int = 0

    @property
    def kind(self) -> ChangeKind:
        return ChangeKind.CORRECT if self.note else ChangeKind.EDIT


@dataclass(frozen=True)
class Pin:
    name: str
    minute: int = 0
    kind = ChangeKind.PIN


@dataclass(frozen=True)
class Remove:
    name: str
    reason: str
    reader_note: str = ""
    minute: int = 0
    kind = ChangeKind.REMOVE


@dataclass(frozen=True)
class Details:
    """Changes title, standfirst or key points."""

    details: EventDetails
    name: str = ""
    minute: int = 0
    kind = ChangeKind.DETAILS


Step = Post | Edit | Pin | Remove | Details


@dataclass(frozen=True)
class Story:
    """One live blog. Without ``starts`` it is upcoming.

    Minutes count from the set-up or, with ``days_ago``, from six in the evening of that day.
    """

    slug: str
    details: EventDetails
    steps: tuple[Step, ...] = ()
    key_points: tuple[str, ...] = ()
    days_ago: int = 0
    starts: int | None = None
    ends: int | None = None
    lead_picture: str = ""
