"""Reads JSON objects field by field, and notes everything that is wrong with the place where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from updates.content.sanitize import check_text

C = TypeVar("C", bound=TextChoices)

WHOLE = 2**53 - 1
"""The largest number that every reader of JSON keeps whole."""

YEARS = range(1900, 9999)
"""Times of other years cannot be shown in every time zone: their calendar ends at the years 1 and 9999."""


@dataclass(frozen=True)
class Problem:
    """``path`` leads to a value: ``entries[3].blocks[0].kind``."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


class BadFile(Exception):
    """A file that cannot be imported, and all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Fields:
    """One object of the file. Each field is asked for by its type; ``end`` refuses what nobody asked for."""

    values: dict[str, Any]
    path: str
    problems: list[Problem]
    _asked: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, document: Any, problems: list[Problem]) -> "Fields":
        """The whole file."""
        return cls({}, "", problems)._fields(document, "") or cls({}, "", [])

    def blame(self, name: str, reason: str) -> None:
        self.problems.append(Problem(self._path_of(name), reason))

    def blame_all(self, name: str, error: ValidationError) -> None:
        for reason in error.messages:
            self.blame(name, reason)

    def text(self, name: str, *, needed: bool = False, longest: int | None = None) -> str:
        value = self._given(name)
        if value is None and needed:
            self.blame(name, "is missing")
        return self._checked_text(name, "" if value is None else value, longest)

    def _checked_text(self, name: str, value: Any, longest: int | None = None) -> str:
        if not isinstance(value, str):
            self.blame(name, f"is {_name_of(value)}, not a text")
            return ""
        if longest is not None and len(value) > longest:
            self.blame(name, f"has {len(value)} characters; {longest} is the most")
        try:
            check_text(value)
        except ValidationError as error:
            self.blame_all(name, error)
            return ""
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._given(name)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.blame(name, f"is {_name_of(value)}, neither true nor false")
        return default

    def number(self, name: str, default: int = 0, most: int = WHOLE) -> int:
        value = self._given(name)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.blame(name, f"is {_name_of(value)}, not a whole number from 0 on")
            return default
        if value > most:
            self.blame(name, f"is larger than {most}, the most")
            return default
        return value

    def moment(self, name: str, *, needed: bool = False) -> datetime | None:
        text = self.text(name, needed=needed)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.blame(name, f"“{text}” is not a time like 2031-03-13T14:34:00Z")
            return None
        if moment.tzinfo is None:
            self.blame(name, f"“{text}” does not say in which time zone: add Z or an offset like +01:00")
            return None
        if moment.year not in YEARS:
            self.blame(name, f"“{text}” is not in the years {YEARS[0]} to {YEARS[-1]}")
            return None
        return moment

    def choice(self, name: str, choices: type[C], default: C) -> C:
        text = self.text(name) or default.value
        if text in choices.values:
            return choices(text)
        self.blame(name, f"“{text}” is none of {', '.join(choices.values)}")
        return default

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(self._checked_text(f"{name}[{n}]", value) for n, value in enumerate(self._list(name)))

    def part(self, name: str, *, needed: bool = False) -> "Fields | None":
        """The object under a name."""
        value = self._given(name)
        if value is None:
            if needed:
                self.blame(name, "is missing")
            return None
        return self._fields(value, name)

    def parts(self, name: str) -> Iterator["Fields"]:
        """The objects of a list."""
        for number, value in enumerate(self._list(name)):
            if fields := self._fields(value, f"{name}[{number}]"):
                yield fields

    def end(self) -> None:
        for name in self.values.keys() - self._asked:
            self.blame(name, f"is not known here; known are {', '.join(sorted(self._asked))}")

    def _given(self, name: str) -> Any:
        self._asked.add(name)
        return self.values.get(name)

    def _list(self, name: str) -> list[Any]:
        value = self._given(name)
        if value is None or isinstance(value, list):
            return value or []
        self.blame(name, f"is {_name_of(value)}, not a list")
        return []

    def _fields(self, value: Any, name: str) -> "Fields | None":
        if isinstance(value, dict):
            return Fields(value, self._path_of(name), self.problems)
        self.blame(name, f"is {_name_of(value)}, not an object in braces")
        return None

    def _path_of(self, name: str) -> str:
        return ".".join(filter(None, (self.path, name)))


def _name_of(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
