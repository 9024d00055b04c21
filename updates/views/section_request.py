"""Which part of a live blog an address asks for."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from updates.rendering.section import VIEWS

NUMBER = re.compile(r"[0-9]{1,16}")
VERSION = re.compile(r"([0-9a-zA-Z]{1,16})-([0-9]{1,16})")

PUBLIC_ID = re.compile(r"[0-9A-Za-z]{10}")

USUAL_LIMIT = {"updates": 10, "latest": 3}
HIGHEST_LIMIT = 50

THEMES = ("", "light", "dark")
"""Empty: as the device prefers."""


class BadSection(ValueError):
    """The reason why an address asks for nothing."""


@dataclass(frozen=True)
class SectionRequest:
    view: str
    limit: int
    theme: str = ""
    after: int | None = None
    epoch: str = ""
    """That of ``after``; empty if the address has only the number."""
    update: str = ""
    """Id of one entry, where it is about that only."""

    @classmethod
    def of(cls, query: QueryDict) -> "SectionRequest":
        view = query.get("view", "updates")
        if view not in VIEWS:
            raise BadSection(f"view: one of {', '.join(VIEWS)}")
        theme = query.get("theme", "")
        if theme not in THEMES:
            raise BadSection("theme: light or dark")
        options = cls(view, _limit(query, view), theme, *_after(query), query.get("update", ""))
        if options.update and (
            not PUBLIC_ID.fullmatch(options.update) or view != "updates" or options.after is not None
        ):
            raise BadSection("update: the id of an update, without view and after")
        return options

    @property
    def name(self) -> str:
        """The part of an ETag that says what was asked for."""
        return f"{self.view}-{self.limit}{self.update and '-'}{self.update}"

    @property
    def query(self) -> str:
        """The query string of the same section."""
        values = {
            "view": self.view if self.view != "updates" else "",
            "limit": self.limit if self.limit != USUAL_LIMIT[self.view] else "",
            "update": self.update,
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"?{query}" if query else ""


def _limit(query: QueryDict, view: str) -> int:
    text = query.get("limit", str(USUAL_LIMIT[view]))
    if not NUMBER.fullmatch(text) or not 1 <= int(text) <= HIGHEST_LIMIT:
        raise BadSection(f"limit: a number from 1 to {HIGHEST_LIMIT}")
    return int(text)


def _after(query: QueryDict) -> tuple[int | None, str]:
    text = query.get("after")
    if text is None:
        return None, ""
    if NUMBER.fullmatch(text):
        return int(text), ""
    if version := VERSION.fullmatch(text):
        return int(version[2]), version[1]
    raise BadSection("after: a version or number, as in data-version and data-seq")
