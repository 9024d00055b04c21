"""Results of the doctor's checks, with what mends them."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    check: str
    level: Level
    message: str
    mend: str = ""
    """What to do about it."""


def fine(check: str, message: str) -> Finding:
    return Finding(check, Level.OK, message)


def warning(check: str, message: str, mend: str) -> Finding:
    return Finding(check, Level.WARNING, message, mend)


def error(check: str, message: str, mend: str) -> Finding:
    return Finding(check, Level.ERROR, message, mend)
