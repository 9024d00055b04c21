"""An independent reader: it knows ``docs/protocol.md`` and shares no code with the hub or the browser's client."""

import json
import re
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import ClassVar

from tests.servers import CEILING

ARTICLE = re.compile(r'<article class="entry.*?</article>', re.S)


def attribute(name: str, html: str) -> str:
    match = re.search(rf'\b{name}="([^"]*)"', html)
    assert match, f"no {name} in {html[:200]}"
    return match[1]


def as_copy(article: str) -> str:
    """Return what a pinned copy shares with its original: all but classes, ids, labels and the link of its mark."""
    _, _, rest = article.partition(">")
    return re.sub(r'\s+id="[^"]*"|(?<=<a class="flag") href="[^"]*"', "", rest)


NEVER_COUNTED = sys.maxsize
"""The place in the log of the count on a page that shows none."""


@dataclass
class PageState:
    """The state of an event's page, as a reader sees it."""

    entries: list[tuple[str, str]]
    """Id and HTML, newest first."""
    pinned: str | None
    key_events: list[str]
    count: int
    parts: dict[str, str]


@dataclass
class PageReader:
    """The first page of an event, and what a reader makes of the items that follow it."""

    is_archive: ClassVar[bool] = False

    epoch: str = ""
    seq: int = 0
    floor: int = 0
    has_older: bool = False
    items: dict[str, dict] = field(default_factory=dict)
    count: int = 0
    count_seq: int = 0
    parts: dict[str, str] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, html: str) -> "PageReader":
        reader = cls(epoch=attribute("data-epoch", html), seq=int(attribute("data-seq", html)))
        feed = html[html.index("data-entries") :]
        reader.floor = int(attribute("data-floor", feed))
        for article in ARTICLE.findall(feed):
            reader.items[attribute("data-id", article)] = {
                "seq": int(attribute("data-seq", article)),
                "order": int(attribute("data-order", article)),
                "html": article,
                "pinned": "is-pinned" in article[: article.index(">")],
                "shown": True,
            }
        if copy := re.search(r"<div data-pinned>\s*(<article.*?</article>)", html, re.S):
            known = reader.items.get(attribute("data-id", copy[1]))
            if known is None:
                reader.items[attribute("data-id", copy[1])] = {
                    "seq": int(attribute("data-seq", copy[1])), "order": int(attribute("data-order", copy[1])),
                    "html": copy[1], "pinned": True, "shown": False,
                }  # fmt: skip
        counted = re.search(r"<span data-count>\D*(\d+)", html)
        reader.count, reader.count_seq = (int(counted[1]), reader.seq) if counted else (0, NEVER_COUNTED)
        reader.parts = parts_of(html)
        reader.keys = {item[0]: int(item[1]) for item in re.findall(r'<li data-id="(\w+)" data-order="(\d+)"', html)}
        return reader

    # The wire

    def take_frame(self, frame: dict) -> bool:
        """Apply a frame; ``False`` if something is missing and catch-up is needed."""
        if frame["t"] == "sync":
            self.apply(frame["items"])
            self.take_count(frame, frame["head"])
            if frame["more"]:
                return False
            self.seq = max(self.seq, frame["head"])
            return True
        if frame["t"] == "hb":
            return frame["seq"] <= self.seq
        if frame["t"] != "ops" or frame["seq"] <= self.seq:
            return True
        if frame["prev"] > self.seq:
            return False
        self.apply(frame["items"])
        self.seq = frame["seq"]
        self.take_count(frame, frame["seq"])
        return True

    def take_answer(self, answer: dict) -> bool:
        """Apply an answer of the catch-up address; ``True`` when there is more to ask."""
        assert not answer.get("reset"), "the numbering is another one"
        self.apply(answer["items"])
        self.seq = max(self.seq, answer["upto"])
        self.take_count(answer, answer["upto"])
        return answer["more"]

    def take_count(self, message: dict, seq: int) -> None:
        if seq >= self.count_seq:
            self.count, self.count_seq = message["count"], seq

    def apply(self, items: list[dict]) -> None:
        for item in items:
            known = self.items.get(item["id"])
            if known is None or known["seq"] < item["seq"]:
                self.put(item)

    def put(self, item: dict) -> None:
        if item["id"] == "event":
            self.items["event"] = item
            self.parts |= parts_of(item["html"])
            return
        is_put = item["op"] == "put"
        place = item.get("order")
        is_on_page = bool(item.get("html")) and place is not None and place > self.floor
        self.items[item["id"]] = {
            "seq": item["seq"],
            "order": place,
            "html": item.get("html"),
            "pinned": is_put and item["pinned"],
            "shown": is_on_page,
        }
        self.keys.pop(item["id"], None)
        if is_put and item["key"]:
            self.keys[item["id"]] = item["order"]

    # The page

    def state(self) -> PageState:
        entries = [(key, item) for key, item in self.items.items() if key != "event"]
        visible = sorted((pair for pair in entries if pair[1]["shown"]), key=lambda pair: -pair[1]["order"])
        pinned = max((item for _, item in entries if item["pinned"]), key=lambda item: item["seq"], default=None)
        return PageState(
            entries=[(key, item["html"]) for key, item in visible],
            pinned=as_copy(pinned["html"]) if pinned else None,
            key_events=sorted(self.keys, key=self.keys.__getitem__, reverse=True),
            count=self.count,
            parts={name: without_count(html) for name, html in self.parts.items()},
        )


class ArchiveReader(PageReader):
    """An older page: what it was written with changes or goes, and nothing is added."""

    is_archive = True
    known: frozenset[str] = frozenset()

    @classmethod
    def of(cls, html: str) -> "ArchiveReader":
        reader = super().of(html)
        reader.floor = 0
        reader.known = frozenset(key for key, item in reader.items.items() if item["shown"])
        return reader

    def put(self, item: dict) -> None:
        super().put(item)
        if item["id"] != "event":
            self.items[item["id"]]["shown"] &= item["id"] in self.known


def without_count(html: str) -> str:
    return re.sub(r"<span data-count>.*?</span>", "", html)


def parts_of(html: str) -> dict[str, str]:
    """The parts of a page that the event's own item replaces."""
    parts = {}
    for tag, name in re.findall(r'<(\w+)[^>]*\bdata-part="([\w-]+)"', html):
        part = re.search(rf'<{tag}[^>]*\bdata-part="{name}".*?</{tag}>', html, re.S)
        parts[name] = part[0]
    return parts


def same_down_to_the_fold(page: PageState, fresh: PageState) -> None:
    """``docs/protocol.md``, “Equal to a fresh GET”."""
    assert page.entries[: len(fresh.entries)] == fresh.entries
    assert page.pinned == fresh.pinned
    assert page.key_events == fresh.key_events
    assert page.count == fresh.count
    assert page.parts == fresh.parts


def ask(url: str) -> dict:
    with urllib.request.urlopen(url, timeout=CEILING) as answer:
        return json.load(answer)
