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


def refused(reason: Exception) -> Finding:
    """Return what an operation of the check was refused for: by the rights of its account, or the state of the blog."""
    mend = "Name an account with --as that may publish and remove updates there, or run this again without --event."
    return error("live blog", f"the check could not publish or remove its update: {reason}", mend)


def error(check: str, message: str, mend: str) -> Finding:
    return Finding(check, Level.ERROR, message, mend)
