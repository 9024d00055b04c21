"""A reader scrolls on an open page while the desk works: what moved under the eye, and whether the page ends right."""

import random
from contextlib import suppress
from pathlib import Path

from tests.factories import post
from tests.servers import wait_until
from updates import publishing
from updates.publishing import EntryContent, EventDetails, Refused, TextContent

EYE = Path(__file__).with_name("eye.js").read_text().strip().removesuffix(";")

PARAGRAPH = "<p>{} The water stands higher than at noon, and the gate holds. The ferries wait for the tide.</p>"

STATE = """(doc) => {
  const words = (node) => (node?.textContent ?? "").replace(/\\s+/g, " ").trim();
  const entry = (article) => {
    const copy = article.cloneNode(true);
    copy.querySelectorAll(".tools, [data-relative], .when .day").forEach((node) => node.remove());
    const marks = [...article.classList].filter((name) => !["new", "now"].includes(name)).sort();
    return [article.dataset.id, article.dataset.seq, marks.join("."), words(copy)].join(" | ");
  };
  const all = (selector, read) => [...doc.querySelectorAll(selector)].map(read);
  return {
    entries: all("[data-entries] > article", entry), pinned: all("[data-pinned] > article", entry),
    keys: all("[data-keys] li", words), corrections: all("[data-corrections] li", words),
    days: all(".day-rule", words), know: all("[data-part=know]", words), title: all("h1", words),
    count: all("[data-count]", words),
  };
}"""

DIFFERENCE = f"""(async () => {{
  const state = {STATE};
  const request = Object.assign(new XMLHttpRequest(), {{responseType: "document"}}); // the page may parse no strings
  request.open("GET", location.pathname + location.search);
  await new Promise((resolve) => {{ request.onload = resolve; request.send(); }});
  const fresh = state(request.response);
  const mine = state(document);
  const number = fresh.entries.length;
  const oldestFirst = document.querySelector("live-event").dataset.order === "oldest";
  mine.entries = oldestFirst ? mine.entries.slice(-number) : mine.entries.slice(0, number);
  if (mine.entries.length > number / 2) mine.days = fresh.days; // the page may hold more days than a fresh one
  return Object.keys(fresh).filter((key) => String(fresh[key]) !== String(mine[key]))
    .map((key) => [key, mine[key].filter((each) => !fresh[key].includes(each)), fresh[key]]);
}})()"""

UNDER_EYE = """(() => {
  const line = document.querySelector(".watch").getBoundingClientRect().bottom;
  const below = [...document.querySelectorAll("[data-entries] > article")]
    .find((article) => article.getBoundingClientRect().bottom > Math.max(0, line) + 30);
  return below?.dataset.id ?? "";
})()"""

WAITING = "!document.querySelector('.pill').hidden"


class Session:
    """An event, a page that is open on it, and whoever works at the desk. The same seed does the same."""

    def __init__(self, page, event, boss, seed: int = 1) -> None:
        self.page = page
        self.event = event
        self.boss = boss
        self.roll = random.Random(seed)
        self.number = 0

    def open(self, url: str, width: int = 390) -> None:
        self.page.resize(width, 844)  # first, else the change of the window counts as a shift
        self.page.open(url)
        self.page.wait_for("document.querySelector('live-event [data-connected=true]')")
        self.page.evaluate(EYE)
        self.scroll("0")

    # The reader

    def scroll(self, pixels: str) -> None:
        """Scroll by an expression, and read on there."""
        self.page.evaluate(f"(eye.op += ', scroll {pixels}', 0)")
        self.page.evaluate(f"eye.after(() => scrollBy({{top: {pixels}, behavior: 'instant'}}))")

    def press(self, selector: str) -> None:
        self.page.evaluate(f"(eye.op += {f', press {selector}'!r}, 0)")
        self.page.evaluate("eye.lookAway()")
        self.page.click(selector)
        self.page.evaluate("eye.rest()")

    def press_key(self, key: str) -> None:
        """Press a key, and read on where it leads."""
        self.page.evaluate(f"(eye.op += ', key {key}', 0)")
        self.page.evaluate("eye.lookAway()")
        self.page.press(key)
        self.page.evaluate("eye.rest()")

    def read_on(self) -> None:
        """Do what readers do: scroll, return to the top, look at what is new, load more."""
        move = self.roll.random()
        if move < 0.3 and self.page.evaluate(WAITING):
            self.press(".pill")
        elif move < 0.4:
            self.scroll("-scrollY")
        elif move < 0.45 and self.page.evaluate("!!document.querySelector('[data-more]')"):
            self.press("[data-more]")
        else:
            self.scroll(str(self.roll.randint(-700, 1100)))

    # The desk

    def entry(self, **status):
        entries = self.event.entries.filter(status="published", **status).order_by("-order")
        return self.roll.choice(list(entries[:14]))

    def under_eye(self):
        return self.event.entries.get(public_id=self.page.evaluate(UNDER_EYE))

    def content(self, paragraphs: int) -> EntryContent:
        words = [PARAGRAPH.format(f"{self.number}.{number}") for number in range(paragraphs)]
        return EntryContent(f"Update {self.number}", (TextContent("".join(words)),))

    def work(self, deed: str) -> None:
        """Do one of the desk's deeds, named as the methods below."""
        self.number += 1
        self.page.evaluate(f"(eye.op = '{self.number} {deed}', 0)")
        nothing_to_do = (
            Refused,
            IndexError,
            self.event.entries.model.DoesNotExist,
        )  # nothing removed, no entry in view
        with suppress(*nothing_to_do):
            getattr(self, deed)()

    def publish(self):
        content = self.content(self.roll.randint(1, 6))
        return post(self.event, content.headline, author=self.boss, blocks=content.blocks)

    def edit(self):
        publishing.edit(self.entry().pk, self.content(self.roll.randint(1, 5)), self.boss)

    def grow(self, at_start=False):
        """Add two paragraphs to the entry that is being read."""
        entry = self.under_eye()
        html = entry.content["blocks"][0]["html"]
        more = PARAGRAPH.format(f"{self.number}.a") + PARAGRAPH.format(f"{self.number}.b")
        text = TextContent(more + html if at_start else html + more)
        publishing.edit(entry.pk, EntryContent(entry.content["headline"], (text,)), self.boss)

    def grow_at_start(self):
        self.grow(at_start=True)

    def correct(self):
        publishing.correct(self.entry().pk, self.content(2), "It was 312, not 321.", self.boss)

    def pin(self):
        publishing.pin(self.entry().pk, self.boss)

    def unpin(self):
        publishing.unpin(self.entry(is_pinned=True).pk, self.boss)

    def key(self):
        publishing.mark_key(self.entry().pk, self.boss, is_key=True)

    def unkey(self):
        publishing.mark_key(self.entry(is_key=True).pk, self.boss, is_key=False)

    def remove(self):
        if self.event.entries.filter(status="published").count() > 12:
            publishing.remove(self.entry().pk, self.boss)

    def remove_under_eye(self):
        publishing.remove(self.under_eye().pk, self.boss)

    def restore(self):
        removed = self.event.entries.filter(status="removed").order_by("-order")
        publishing.restore(self.roll.choice(list(removed)).pk, self.boss)

    def move(self):
        publishing.move(self.entry().pk, self.boss, above=self.entry().pk)

    def points(self):
        points = tuple(f"<p>Point {self.number}, {line}.</p>" for line in range(self.roll.randint(1, 5)))
        publishing.change_event(self.event.pk, EventDetails(key_points=points), self.boss)

    def title(self):
        words = " ".join(["The storm at the harbour"] * self.roll.randint(1, 4))
        publishing.change_event(self.event.pk, EventDetails(title=words, standfirst=words), self.boss)

    def sensitive(self):
        self.event.refresh_from_db()
        publishing.change_event(self.event.pk, EventDetails(sensitive=not self.event.sensitive), self.boss)

    # What came of it

    def settle(self) -> None:
        """Wait until the page shows all, and equals a fresh one."""
        if self.page.evaluate(WAITING):
            self.press(".pill")
        wait_until(lambda: self.page.evaluate(DIFFERENCE) == [] or self._press_again(), "the page equals a fresh one")
        doubled = "(ids => ids.length - new Set(ids).size)([...document.querySelectorAll('[id]')].map(({id}) => id))"
        assert self.page.evaluate(doubled) == 0

    def _press_again(self) -> bool:
        if self.page.evaluate(WAITING):
            self.press(".pill")
        return False

    def moved(self) -> tuple[float, list[str]]:
        """Return by how many pixels the text under the eye moved at most, and when."""
        return self.page.evaluate("eye.worst"), self.page.evaluate("eye.story")
