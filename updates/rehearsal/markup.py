"""Reads pages and articles as a reader would see them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

from .traces import GONE, State

VOID = {"img", "br", "hr", "input", "link", "meta", "source", "area", "base", "col", "embed", "track", "wbr"}


@dataclass(frozen=True)
class Page:
    epoch: str
    seq: int
    floor: int
    count: int
    states: tuple[State, ...]


class _Articles(HTMLParser):
    """Collects the articles of a page with their attributes and words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str], list[str]]] = []
        self.live: dict[str, str] = {}
        self.floor = 0
        self.count = ""
        self._depth = 0
        self._counting = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "live-event":
            self.live = given
        if "data-floor" in given:
            self.floor = int(given["data-floor"])
        self._counting = "data-count" in given
        if tag == "article" and not self._depth:
            self._depth = 1
            self.found.append((given, []))
        elif self._depth and tag not in VOID:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        self._counting = False
        if self._depth and tag not in VOID:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.found[-1][1].append(data)
        elif self._counting:
            self.count += data


def read_page(html: str) -> Page:
    parser = _Articles()
    parser.feed(html)
    articles = [(given, words) for given, words in parser.found if "data-id" in given and "data-copy" not in given]
    copies = [(given, words) for given, words in parser.found if "data-copy" in given]
    on_page = {given["data-id"] for given, _ in articles}
    articles += [(given, words) for given, words in copies if given["data-id"] not in on_page]
    count = re.search(r"\d+", parser.count.replace(",", ""))
    return Page(
        epoch=parser.live["data-epoch"],
        seq=int(parser.live["data-seq"]),
        floor=parser.floor,
        count=int(count[0]) if count else 0,
        states=tuple(_state(given, words) for given, words in articles),
    )


def _state(given: dict[str, str], words: list[str]) -> State:
    classes = given.get("class", "").split()
    return State(
        id=given["data-id"],
        seq=int(given["data-seq"]),
        op="note" if "gone" in classes else "put",
        order=int(given["data-order"]),
        pinned="is-pinned" in classes or "pin" in classes,
        key="key" in classes,
        text=squeeze("".join(words)),
    )


def state_of(item: dict[str, Any]) -> State:
    """An item as it travels. A removal with a note to readers leaves a line on the page, one without leaves nothing."""
    html = item.get("html", "")
    return State(
        id=item["id"],
        seq=item["seq"],
        op=("note" if html else GONE) if item["op"] == "del" else "put",
        order=item.get("order"),
        pinned=item.get("pinned", False),
        key=item.get("key", False),
        text=visible_text(html),
        kind=item["kind"],
    )


@lru_cache(maxsize=8192)
def visible_text(html: str) -> str:
    """All words between the tags, without the spaces: where a tag ends says nothing about a word's end."""
    parser = _Words()
    parser.feed(html)
    return squeeze("".join(parser.words))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def squeeze(text: str) -> str:
    return "".join(text.split())
