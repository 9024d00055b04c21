"""Firefox, driven by WebDriver BiDi, which it speaks itself: https://w3c.github.io/webdriver-bidi/."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websockets.sync.client as websockets

from tests.engines.page import KEYS, DeskPage
from tests.servers import CEILING, wait_until

PROGRAM = os.environ.get("FIREFOX", "firefox-esr")

SETTINGS = {
    "app.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.active-protocols": 1,
    "toolkit.telemetry.server": "",
}
"""Preferences without requests to other machines."""


class Firefox:
    """A running browser and the line to it. Commands are answered in turn; events that come between are kept."""

    def __init__(self, line: websockets.ClientConnection) -> None:
        self._line = line
        self._number = 0
        self.messages: list[dict[str, Any]] = []
        self.command("session.new", capabilities={})
        self.command("session.subscribe", events=["log.entryAdded"])

    def command(self, method: str, **parameters) -> dict[str, Any]:
        self._number += 1
        self._line.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._line.recv(timeout=CEILING))
            if answer.get("id") == self._number:
                assert answer["type"] == "success", f"{method}: {answer['error']}: {answer['message']}"
                return answer["result"]
            if answer["type"] == "event":
                self.messages.append(answer["params"])

    def new_page(self) -> DeskPage:
        return FirefoxPage(self)


class FirefoxPage(DeskPage):
    def __init__(self, browser: Firefox) -> None:
        self._browser = browser
        self._user = browser.command("browser.createUserContext")["userContext"]
        tab = browser.command("browsingContext.create", type="tab", userContext=self._user)
        self._context = tab["context"]

    def open(self, url: str) -> None:
        self._browser.command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, expression: str):
        result = self._browser.command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify([await ({expression})]))()",
            target={"context": self._context},
            awaitPromise=True,
        )
        assert result["type"] == "success", result["exceptionDetails"]["text"]
        return json.loads(result["result"]["value"])[0]

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        self._browser.command("browsingContext.setViewport", context=self._context, viewport=size)

    def press_mouse(self, selector: str) -> None:
        place = {"type": "element", "element": self._find(selector)}
        steps = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": place},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        try:
            self._act({"type": "pointer", "id": "mouse", "actions": steps})
        except AssertionError as error:  # it has moved out of the window since, and ``click`` tries again
            if "out of bounds" not in str(error):
                raise

    def press(self, *keys: str) -> None:
        values = [KEYS.get(key, key) for key in keys]
        steps = [{"type": "keyDown", "value": value} for value in values]
        steps += [{"type": "keyUp", "value": value} for value in reversed(values)]
        self._act({"type": "key", "id": "keyboard", "actions": steps})

    def choose_files(self, selector: str, *files: Path) -> None:
        element = self._find(selector)
        self._browser.command("input.setFiles", context=self._context, element=element, files=[str(f) for f in files])

    def add_cookie(self, name: str, value: str) -> None:
        cookie = {"name": name, "value": {"type": "string", "value": value}, "domain": "127.0.0.1", "path": "/"}
        self._browser.command(
            "storage.setCookie", cookie=cookie, partition={"type": "context", "context": self._context}
        )

    def complaints(self) -> list[str]:
        self.evaluate("null")  # what the browser has sent until now is read
        return [
            f"{message['level']}: {message['text']}"
            for message in self._browser.messages
            if message["source"].get("context") == self._context and message["level"] in {"warn", "error"}
        ]

    def close(self) -> None:
        self._browser.command("browser.removeUserContext", userContext=self._user)

    def _find(self, selector: str) -> dict[str, str]:
        locator = {"type": "css", "value": selector}
        nodes = self._browser.command("browsingContext.locateNodes", context=self._context, locator=locator)["nodes"]
        assert nodes, f"There is no {selector}"
        return {"sharedId": nodes[0]["sharedId"]}

    def _act(self, source: dict[str, Any]) -> None:
        self._browser.command("input.performActions", context=self._context, actions=[source])


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """Start it with a profile of its own; it chooses its port and writes it into the profile."""
    program = shutil.which(PROGRAM)
    assert program, f"No {PROGRAM}; `make test-engines` installs it, FIREFOX names another"
    profile = folder / "profile"
    profile.mkdir()
    (profile / "user.js").write_text("".join(f"user_pref({k!r}, {json.dumps(v)});\n" for k, v in SETTINGS.items()))
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with (folder / "firefox.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"HOME": str(folder)})
    try:
        place = profile / "WebDriverBiDiServer.json"
        wait_until(lambda: place.exists() and place.read_text().rstrip().endswith("}"), "Firefox listens")
        address = json.loads(place.read_text())
        url = f"ws://{address['ws_host']}:{address['ws_port']}/session"
        with websockets.connect(url, max_size=None, open_timeout=CEILING) as line:
            yield Firefox(line)
    finally:
        process.terminate()
        process.wait(CEILING)
