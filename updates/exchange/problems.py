"""Problems of a file, each with its place in the file."""

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError

MOST_PROBLEMS: Final = 1000
"""Problems that are collected: a large file could have so many that they fill the memory."""


@dataclass(frozen=True)
class Problem:
    """``path`` leads to a value: ``entries[3].blocks[0].kind``."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


class BadFile(Exception):
    """The file cannot be imported; has its problems, the first ``MOST_PROBLEMS`` of them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Problems(list[Problem]):
    def add(self, path: str, reason: str) -> None:
        """Add a problem. Raises ``BadFile`` with all that there are if no more are collected."""
        self.append(Problem(path, reason))
        if len(self) >= MOST_PROBLEMS:
            raise BadFile([*self, Problem("", "The file has more problems; correct these first")])

    def add_all(self, path: str, error: ValidationError) -> None:
        for reason in error.messages:
            self.add(path, reason)
