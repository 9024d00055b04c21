"""Readers whose page is not the plain one, while somebody works at the desk: run by ``make prove``, not by the gate."""

import sys
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.engines.conftest import EACH_ENGINE
from tests.engines.long_session import MOST, SHIFT
from tests.engines.page import KEYS
from tests.engines.session import Session
from tests.factories import editor_of, make_event, make_picture, post
from updates import publishing
from updates.choices import ChangeKind
from updates.publishing import EntryContent, PhotoContent, TextContent

STYLE = "(document.querySelector('{}').style.{} = '{}')"

UNCOUNTED = "(eye.shift = 0)"
"""After what changes the size of every text in view, so that only one can stay: the reader's own zoom and fonts
that a theme loads late against the advice of ``check_theme``. The text under the eye still has to stay."""

REDUCED = "(window.matchMedia = () => ({ matches: true }))"

LATE_FONTS = [
    STYLE.format(".feed", "fontSize", "1.15em"),
    UNCOUNTED,
    "edit",
    STYLE.format(".feed", "fontFamily", "monospace"),
    UNCOUNTED,
]

OPEN_KEYS = "(document.querySelector('details.keys').open = true)"

HIDE = """(() => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
})()"""

SHOW = HIDE.replace("true })", "false })", 1).replace("=> true", "=> false")

BUSY_WHILE_GLIDING = """(() => {
  const block = () => { for (const end = performance.now() + 700; performance.now() < end; ); };
  const glides = () => document.getAnimations().some(({ id }) => id);
  const watch = () => { if ((window.isGliding = glides())) setTimeout(block, 80); else requestAnimationFrame(watch); };
  watch();
})()"""
"""Let no frame be drawn while the next change glides, from shortly after its start until after its end."""

TABLE = "<table>" + "<tr><td>Quay</td><td>312 cm</td></tr>" * 12 + "</table>"


class OddSession(Session):
    """A desk that does what is rare."""

    def photo(self):
        self._publish(PhotoContent(make_picture(self.boss, size=(900, 1400)).pk, alt="Quay", credit="Noor"))

    def gallery(self):
        self._publish(*[PhotoContent(make_picture(self.boss).pk, alt="Quay", credit="Noor") for _ in range(3)])

    def table(self):
        self._publish(TextContent(TABLE))

    def very_long(self):
        self._publish(TextContent("<p>The water stands higher than at noon.</p>" * 80))

    def photo_above_eye(self):
        """Give the newest update a photo."""
        newest = self.event.entries.filter(status="published").order_by("-order")[0]
        photo = PhotoContent(make_picture(self.boss).pk, alt="Quay", credit="Noor")
        publishing.edit(newest.pk, EntryContent("With a photo", (photo, TextContent("<p>Text.</p>"))), self.boss)

    def grow_before_a_frame(self):
        """Change the text that is being read again before a frame is drawn in which it rests."""
        self.page.evaluate(BUSY_WHILE_GLIDING)
        self.grow_at_start()
        self.page.wait_for("window.isGliding")
        self.grow_at_start()

    def end(self):
        publishing.change_state(self.event.pk, ChangeKind.END, self.boss)

    def _publish(self, *blocks):
        post(self.event, f"Update {self.number}", author=self.boss, blocks=blocks)


@dataclass(frozen=True)
class Scene:
    steps: list[str]
    """Deeds of the desk, keys that the reader presses, and expressions for the page, which begin with a parenthesis."""
    event: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    scroll: str = "1400"
    width: int = 390


BOTTOM = "document.body.scrollHeight"

KEYBOARD = [
    *("PageDown", "publish", "PageDown", "edit", "Tab", "Tab", "grow_at_start", "Tab", "remove_under_eye", "edit"),
    *("PageUp", "restore", "move", "PageDown", "points", "Tab", "pin", "key"),
]

EVERYTHING = ["publish", "edit", "points", "grow_at_start", "remove_under_eye", "restore", "pin", "key", "move"]

SCENES = {
    "late fonts": Scene([*LATE_FONTS, "edit"]),
    "late banner": Scene([STYLE.format("body", "borderBlockStart", "90px solid"), "edit", "points"]),
    "large text": Scene([STYLE.format("html", "fontSize", "200%"), UNCOUNTED, *EVERYTHING]),
    "key events open": Scene(["key", OPEN_KEYS, "key", "key", "unkey", "publish", "key"]),
    "advertisements": Scene(["sensitive", "edit", "sensitive", "remove", "sensitive", "sensitive"]),
    "Arabic": Scene(EVERYTHING, event={"language": "ar"}),
    "wide": Scene(EVERYTHING, width=1280),
    "pictures": Scene(["photo", "gallery", "table", "photo_above_eye", "very_long", "edit", "remove"]),
    "at the very bottom": Scene([*EVERYTHING, "remove", "remove_under_eye", "remove"], scroll=BOTTOM),
    "just below the top": Scene([*EVERYTHING, "title"], scroll="20"),
    "oldest first, at the end": Scene(EVERYTHING, query="?order=oldest&page=last", scroll=BOTTOM),
    "in the background": Scene([HIDE, *EVERYTHING, SHOW, UNCOUNTED, "edit"]),
    "only key events": Scene(["key", "key", "unkey", "key", "edit", "unkey"], query="?filter=key", scroll="300"),
    "address of an update": Scene(
        [STYLE.format("body", "borderBlockStart", "90px solid"), *EVERYTHING, "photo_above_eye"],
        query="#u{seventh}",
        scroll="0",
    ),
    "busy while it glides": Scene(["grow_before_a_frame"], query="#u{seventh}", scroll="0", width=1280),
    "keyboard": Scene(KEYBOARD),
    "reduced motion": Scene([REDUCED, *EVERYTHING, "photo_above_eye", "title"]),
    "ends": Scene(["edit", "end", "edit", "correct"]),
}


@EACH_ENGINE
@pytest.mark.parametrize("scene", SCENES)
def test_text_stays_where_it_is(page, site, transactional_db, scene):
    scene = SCENES[scene]
    event = make_event(page_size=20, key_points=("<p>The gate is down.</p>",), standfirst="Known.", **scene.event)
    session = OddSession(page, event, editor_of(event))
    for number in range(14):
        session.publish()
        if number % 2:
            session.key()
    seventh = event.entries.order_by("-order")[6].public_id
    session.open(f"{site.url}/{event.slug}/{scene.query.format(seventh=seventh)}", scene.width)
    session.scroll(scene.scroll)
    for step in scene.steps:
        if step.startswith("("):
            page.evaluate(f"eye.change(() => {step})")
        elif step in KEYS:
            session.press_key(step)
        else:
            session.work(step)
        page.evaluate("eye.frames(8)" if "hidden" not in step else "0")
    page.evaluate("eye.rest()")
    (moved, story), shift, shifts = session.moved(), page.evaluate("eye.shift"), page.evaluate("eye.shifts")
    sys.stdout.write(f"\nmoved {moved:.2f} px, shift {shift:.4f}\n")
    sys.stdout.write("".join(f"    {line}\n" for line in [*story, *shifts]))
    assert moved <= MOST
    assert shift <= SHIFT
