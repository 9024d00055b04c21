"""Problems of a file, each with its place in the file."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError


@dataclass(frozen=True)
class Problem:
    """``path`` leads to a value: ``entries[3].blocks[0].kind``."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


class BadFile(Exception):
    """The file cannot be imported; has all of its problems."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Problems(list[Problem]):
    def add(self, path: str, reason: str) -> None:
        self.append(Problem(path, reason))

    def add_all(self, path: str, error: ValidationError) -> None:
        for reason in error.messages:
            self.add(path, reason)
