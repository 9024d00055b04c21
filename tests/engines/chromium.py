"""Chromium, driven by its DevTools protocol: https://chromedevtools.github.io/devtools-protocol/."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websockets.sync.client as websockets

from tests.engines.page import DeskPage
from tests.servers import CEILING, wait_until

PROGRAM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
]


class Chromium:
    """A running browser and the line to it. Commands are answered in turn; events that come between are kept."""

    def __init__(self, line: websockets.ClientConnection) -> None:
        self._line = line
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def command(self, method: str, session: str | None = None, **parameters) -> dict[str, Any]:
        self._number += 1
        call = {"id": self._number, "method": method, "params": parameters}
        self._line.send(json.dumps(call | ({"sessionId": session} if session else {})))
        while True:
            answer = json.loads(self._line.recv(timeout=CEILING))
            if answer.get("id") == self._number:
                assert "result" in answer, f"{method}: {answer.get('error')}"
                return answer["result"]
            self.events.append(answer)

    def new_page(self) -> DeskPage:
        return ChromiumPage(self)


KEY_CODES = {"Control": 17, "Shift": 16, "Enter": 13, "Escape": 27, "Tab": 9, "PageUp": 33, "PageDown": 34}
MODIFIERS = {"Control": 2, "Shift": 8}


class ChromiumPage(DeskPage):
    def __init__(self, browser: Chromium) -> None:
        self._browser = browser
        self._context = browser.command("Target.createBrowserContext")["browserContextId"]
        target = browser.command("Target.createTarget", url="about:blank", browserContextId=self._context)["targetId"]
        self._session = browser.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Performance"):
            self.command(f"{domain}.enable")

    def command(self, method: str, **parameters) -> dict[str, Any]:
        return self._browser.command(method, self._session, **parameters)

    def open(self, url: str) -> None:
        self.command("Page.navigate", url=url)
        self.wait_for(f"document.readyState === 'complete' && location.href.startsWith({url.partition('#')[0]!r})")

    def evaluate(self, expression: str):
        expression = f"(async () => JSON.stringify([await ({expression})]))()"
        answer = self.command("Runtime.evaluate", expression=expression, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return json.loads(answer["result"]["value"])[0]

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.command("Emulation.setDeviceMetricsOverride", **size)

    def press_mouse(self, selector: str) -> None:
        box = self.evaluate(f"document.querySelector({selector!r}).getBoundingClientRect()")
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        for kind in ("mousePressed", "mouseReleased"):
            self.command("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place)

    def press(self, *keys: str) -> None:
        modifiers = sum(MODIFIERS.get(key, 0) for key in keys)
        for kind, order in (("keyDown", keys), ("keyUp", reversed(keys))):
            for key in order:
                # Enter without a text would neither send a form nor break a line
                text = {"text": "\r" if key == "Enter" else key} if key == "Enter" or len(key) == 1 else {}
                code = {"windowsVirtualKeyCode": KEY_CODES[key]} if key in KEY_CODES else {}
                self.command(
                    "Input.dispatchKeyEvent", type=kind, key=key, code=key, modifiers=modifiers, **text, **code
                )

    def choose_files(self, selector: str, *files: Path) -> None:
        node = self.command("Runtime.evaluate", expression=f"document.querySelector({selector!r})")["result"]
        self.command("DOM.setFileInputFiles", objectId=node["objectId"], files=[str(file) for file in files])

    def add_cookie(self, name: str, value: str) -> None:
        self.command("Network.setCookie", name=name, value=value, url=self.evaluate("location.href"))

    def complaints(self) -> list[str]:
        self.evaluate("null")  # what the browser has sent until now is read
        mine = [event for event in self._browser.events if event.get("sessionId") == self._session]
        entries = [event["params"]["entry"] for event in mine if event["method"] == "Log.entryAdded"]
        thrown = [event["params"]["exceptionDetails"] for event in mine if event["method"] == "Runtime.exceptionThrown"]
        return [entry["text"] for entry in entries if entry["level"] in {"warning", "error"}] + [str(e) for e in thrown]

    def metrics(self) -> dict[str, float]:
        """Return the browser's own counts of nodes, listeners and bytes, after a collection of garbage."""
        self.command("HeapProfiler.collectGarbage")
        return {each["name"]: each["value"] for each in self.command("Performance.getMetrics")["metrics"]}

    def close(self) -> None:
        self._browser.command("Target.disposeBrowserContext", browserContextId=self._context)


@contextmanager
def chromium(folder: Path) -> Iterator[Chromium]:
    """Start it with a profile of its own; it chooses its port and writes it into the profile."""
    program = shutil.which(PROGRAM)
    assert program, f"No {PROGRAM}; `make test-engines` installs it, CHROMIUM names another"
    profile = folder / "profile"
    with (folder / "chromium.log").open("w") as log:
        process = subprocess.Popen([program, *FLAGS, f"--user-data-dir={profile}"], stdout=log, stderr=log)
    try:
        place = profile / "DevToolsActivePort"
        wait_until(lambda: place.exists() and "/" in place.read_text(), "Chromium listens")
        port, path = place.read_text().split()
        with websockets.connect(f"ws://127.0.0.1:{port}{path}", max_size=None, open_timeout=CEILING) as line:
            yield Chromium(line)
    finally:
        process.terminate()
        process.wait(CEILING)
