"""The vocabulary a story is written in."""

from dataclasses import dataclass

from updates.choices import ChangeKind
from updates.publishing import EventDetails, QuoteContent


@dataclass(frozen=True)
class Photo:
    """A file of ``photos/``."""

    file: str
    alt: str
    credit: str
    caption: str = ""


@dataclass(frozen=True)
class Film:
    url: str
    lead_in: str
    title: str
    poster: str = ""


Piece = str | Photo | Film | QuoteContent
"""A string is text: paragraphs between empty lines, with the editor's tags in them; a list stands between them too.

In texts and headlines ``{-35}`` stands for the time of day 35 minutes before the story was set up.
"""


@dataclass(frozen=True)
class Post:
    """A new update. What is told while the demo runs has no ``minute``."""

    name: str
    by: str
    headline: str
    pieces: tuple[Piece, ...]
    minute: int = 0
    is_key: bool = False
    kind = ChangeKind.PUBLISH


@dataclass(frozen=True)
class Rewrite:
    """An edit of an earlier update or, with a note, a correction."""

    name: str
    pieces: tuple[Piece, ...]
    headline: str = ""
    """Empty: as it was."""
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
    """A change of title, standfirst or key points."""

    details: EventDetails
    name: str = ""
    minute: int = 0
    kind = ChangeKind.DETAILS


Step = Post | Rewrite | Pin | Remove | Details


@dataclass(frozen=True)
class Story:
    """One live blog; without a start it is still to come.

    All minutes count from the set-up or, where it was some days ago, from six in the evening of that day.
    """

    slug: str
    details: EventDetails
    so_far: tuple[Step, ...] = ()
    know: tuple[str, ...] = ()
    days_ago: int = 0
    starts: int | None = None
    ends: int | None = None
    lead: str = ""
