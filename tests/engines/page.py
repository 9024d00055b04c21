"""A page of any browser, for tests."""

from abc import ABC, abstractmethod
from pathlib import Path

from tests.servers import wait_until

KEYS = {
    "Control": "\ue009", "Shift": "\ue008", "Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004",
    "PageUp": "\ue00e", "PageDown": "\ue00f",
}  # fmt: skip
"""Keys without a character, as WebDriver names them."""

READY_TO_PRESS = """(async () => {
  const node = document.querySelector(%(selector)r);
  node.scrollIntoView({block: "center"});
  const place = () => JSON.stringify(node.getBoundingClientRect());
  for (let last = ""; last !== place(); await new Promise(requestAnimationFrame)) last = place();
  window.isPressed = false;
  node.addEventListener("click", () => (window.isPressed = true), {once: true, capture: true});
})()"""
"""Scroll to an element, wait until it stands still, and note a click: it may move while the mouse is down."""


class Page(ABC):
    """One page with cookies and storage of its own."""

    @abstractmethod
    def open(self, url: str) -> None:
        """Go to an address, and wait until it has loaded."""

    @abstractmethod
    def evaluate(self, expression: str):
        """Return the value of a JavaScript expression, which may be a promise."""

    @abstractmethod
    def press_mouse(self, selector: str) -> None:
        """Click where an element is now; it may have moved when the click arrives."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Make the window this large, as far as it can be."""

    @abstractmethod
    def complaints(self) -> list[str]:
        """Warnings and errors on the console until now."""

    @abstractmethod
    def close(self) -> None: ...

    def click(self, selector: str) -> None:
        """Click on an element; once more where the page has moved under the mouse, as while editors still appear."""
        wait_until(lambda: self._is_clicked(selector), f"{selector} is clicked")

    def _is_clicked(self, selector: str) -> bool:
        self.evaluate(READY_TO_PRESS % {"selector": selector})
        self.press_mouse(selector)
        return self.evaluate("window.isPressed !== false")  # undefined on another page, to which the click has led

    def wait_for(self, expression: str, what: str = "") -> None:
        wait_until(lambda: self.evaluate(f"Boolean({expression})"), what or expression)

    def texts(self, selector: str) -> list[str]:
        return self.evaluate(
            f"[...document.querySelectorAll({selector!r})].map((node) => node.textContent.trim().replace(/\\s+/g, ' '))"
        )

    def wait_for_texts(self, selector: str, *texts: str) -> None:
        wait_until(lambda: self.texts(selector) == list(texts), f"{selector}: {texts}")


class DeskPage(Page):
    """A page on which somebody can also log in and write."""

    @abstractmethod
    def press(self, *keys: str) -> None:
        """Press keys together, named as in ``KEYS`` or by their character."""

    @abstractmethod
    def choose_files(self, selector: str, *files: Path) -> None:
        """Give files to an ``<input type=file>``."""

    @abstractmethod
    def add_cookie(self, name: str, value: str) -> None:
        """For the site that is open."""

    def type(self, selector: str, text: str) -> None:
        """Click on a field and type, key by key, once it has the focus."""
        self.click(selector)
        self.wait_for(f"document.activeElement?.closest({selector!r})", f"{selector} has the focus")
        for character in text:
            self.press(character)
