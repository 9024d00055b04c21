"""Parses pages and items into states, as a reader sees them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from .records import GONE, JSONObject, State

VOID = {"img", "br", "hr", "input", "link", "meta", "source", "area", "base", "col", "embed", "track", "wbr"}


@dataclass(frozen=True)
class Page:
    epoch: str
    seq: int
    floor: int
    count: int
    states: tuple[State, ...]


class _Articles(HTMLParser):
    """Collects the articles of a page with their attributes and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.articles: list[tuple[dict[str, str], list[str]]] = []
        self.live: dict[str, str] = {}
        self.floor = 0
        self.count = ""
        self._depth = 0
        self._counting = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "live-event":
            self.live = attributes
        if "data-floor" in attributes:
            self.floor = int(attributes["data-floor"])
        self._counting = "data-count" in attributes
        if tag == "article" and not self._depth:
            self._depth = 1
            self.articles.append((attributes, []))
        elif self._depth and tag not in VOID:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        self._counting = False
        if self._depth and tag not in VOID:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.articles[-1][1].append(data)
        elif self._counting:
            self.count += data


def read_page(html: str) -> Page:
    parser = _Articles()
    parser.feed(html)
    articles = [
        (attributes, words)
        for attributes, words in parser.articles
        if "data-id" in attributes and "data-copy" not in attributes
    ]
    copies = [(attributes, words) for attributes, words in parser.articles if "data-copy" in attributes]
    on_page = {attributes["data-id"] for attributes, _ in articles}
    articles += [(attributes, words) for attributes, words in copies if attributes["data-id"] not in on_page]
    count = re.search(r"\d+", parser.count.replace(",", ""))
    return Page(
        epoch=parser.live["data-epoch"],
        seq=int(parser.live["data-seq"]),
        floor=parser.floor,
        count=int(count[0]) if count else 0,
        states=tuple(_state(attributes, words) for attributes, words in articles),
    )


def _state(attributes: dict[str, str], words: list[str]) -> State:
    classes = attributes.get("class", "").split()
    return State(
        id=attributes["data-id"],
        seq=int(attributes["data-seq"]),
        op="note" if "gone" in classes else "put",
        order=int(attributes["data-order"]),
        pinned="is-pinned" in classes or "pin" in classes,
        key="key" in classes,
        text=squeeze("".join(words)),
    )


def state_of(item: JSONObject) -> State:
    """Return the state of an item of a frame. A removal leaves a line on the page only if it has a note to readers."""
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
    """Return the text between the tags without spaces, because a tag may end in the middle of a word."""
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
