"""Reads the query of a request to the API. What is unknown, repeated or out of range is refused, not ignored."""

import re
from collections.abc import Iterable

from django.http import QueryDict

from .problems import Problem

_NUMBER = re.compile(r"[0-9]{1,16}")
"""Up to 16 digits: every database can compare them."""


class Parameters:
    """The parameters of one request, of which an address knows some names."""

    def __init__(self, query: QueryDict, *names: str) -> None:
        self._values: dict[str, str] = {}
        for name, values in query.lists():
            if name not in names:
                known = f"It knows: {', '.join(names)}." if names else "It has none."
                raise Problem(400, f"This address has no parameter of that name. {known}", _shortened(name))
            if len(values) > 1:
                raise Problem(400, "Give this parameter once.", name)
            self._values[name] = str(values[0])

    def number(self, name: str, *, least: int = 0, most: int | None = None) -> int | None:
        """Return ``None`` if it is not given."""
        text = self._values.get(name)
        if text is None:
            return None
        value = int(text) if _NUMBER.fullmatch(text) else -1
        if value < least or (most is not None and value > most):
            limits = (
                f"a whole number from {least} to {most}" if most is not None else "a whole number of up to 16 digits"
            )
            raise Problem(400, f"This must be {limits}.", name)
        return value

    def needed_number(self, name: str) -> int:
        value = self.number(name)
        if value is None:
            raise Problem(400, "This parameter is needed.", name)
        return value

    def choice(self, name: str, choices: Iterable[str]) -> str | None:
        text, allowed = self._values.get(name), list(choices)
        if text is not None and text not in allowed:
            raise Problem(400, f"This must be one of: {', '.join(allowed)}.", name)
        return text

    def flag(self, name: str) -> bool:
        return self.choice(name, ("true", "false")) == "true"

    def matching(self, name: str, pattern: re.Pattern[str], what: str) -> str | None:
        text = self._values.get(name)
        if text is not None and not pattern.fullmatch(text):
            raise Problem(400, f"This must be {what}.", name)
        return text


def _shortened(name: str) -> str:
    return name[:40]
