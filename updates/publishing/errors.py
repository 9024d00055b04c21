"""Why an operation was refused. Nothing has been written when one of these is raised."""

from typing import Any


class Refused(Exception):
    """What the state of an event or entry does not allow; the message is for the person who asked."""

    def __init__(self, message: Any, *, code: str = "refused") -> None:
        super().__init__(str(message))
        self.code = code


class NewerVersion(Refused):
    """Somebody saved a newer version since the form was opened; with ``revision`` it is one of a submitted change."""

    def __init__(self, message: Any, *, current: Any, revision: Any = None) -> None:
        super().__init__(message, code="newer")
        self.current, self.revision = current, revision


class Unprepared(Refused):
    """Pictures to be published have no renditions: they are made outside of the transaction, and it begins again."""

    def __init__(self, message: Any, *, image_ids: set[int]) -> None:
        super().__init__(message, code="unprepared")
        self.image_ids = image_ids


class KeyReused(Refused):
    """An idempotency key came back with other content; ``first`` is the entry it already made."""

    def __init__(self, message: Any, *, first: Any) -> None:
        super().__init__(message, code="key-reused")
        self.first = first
