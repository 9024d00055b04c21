"""WebKit, driven by WebDriver through Debian's WebKitWebDriver: https://www.w3.org/TR/webdriver2/."""

import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engines.page import KEYS, Page
from tests.servers import CEILING, wait_until

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The name of a reference to an element, by the standard."""

LISTENS = "0A"
"""The state of a listening socket in /proc/net/tcp."""

AWAITED = """const done = arguments[arguments.length - 1];
Promise.resolve().then(() => (%s)).then((value) => done({value}), (error) => done({error: `${error}`}));"""


class WebKit:
    """The driver's address, and the log that pages' consoles are written to. One page at a time."""

    def __init__(self, url: str, log: Path) -> None:
        self.url = url
        self.log = log

    def command(self, method: str, path: str, **body):
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(self.url + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=CEILING) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.read().decode()}") from None

    def new_page(self) -> Page:
        return WebKitPage(self)


class WebKitPage(Page):
    def __init__(self, browser: WebKit) -> None:
        self._browser = browser
        self._log_begins = browser.log.stat().st_size
        program = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        options = {"binary": str(program), "args": ["--automation", "--enable-write-console-messages-to-stdout=true"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        session = browser.command("POST", "/session", capabilities=wanted)["sessionId"]
        self._session = f"/session/{session}"
        self._post("/window/rect", width=1280, height=1000)
        self._post("/timeouts", script=1000 * int(CEILING), pageLoad=1000 * int(CEILING))

    def open(self, url: str) -> None:
        self._post("/url", url=url)

    def evaluate(self, expression: str):
        result = self._post("/execute/async", script=AWAITED % expression, args=[])
        assert "error" not in result, f"{expression}: {result['error']}"
        return result.get("value")

    def click(self, selector: str) -> None:
        self.evaluate(f"document.querySelector({selector!r}).scrollIntoView({{block: 'center'}})")
        # The driver's own click refuses an editor, as if something lay over it
        steps = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": {ELEMENT: self._find(selector)}},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._post("/actions", actions=[{"type": "pointer", "id": "mouse", "actions": steps}])

    def press(self, *keys: str) -> None:
        values = [KEYS.get(key, key) for key in keys]
        steps = [{"type": "keyDown", "value": value} for value in values]
        steps += [{"type": "keyUp", "value": value} for value in reversed(values)]
        self._post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": steps}])

    def choose_files(self, selector: str, *files: Path) -> None:
        self._post(f"/element/{self._find(selector)}/value", text="\n".join(map(str, files)))

    def add_cookie(self, name: str, value: str) -> None:
        self._post("/cookie", cookie={"name": name, "value": value, "path": "/"})

    def complaints(self) -> list[str]:
        with self._browser.log.open(errors="replace") as log:
            log.seek(self._log_begins)
            return re.findall(r"^CONSOLE .*\b(?:WARN|ERROR)\b.*$", log.read(), re.MULTILINE)

    def close(self) -> None:
        self._browser.command("DELETE", self._session)

    def _post(self, path: str, **body):
        return self._browser.command("POST", self._session + path, **body)

    def _find(self, selector: str) -> str:
        return self._post("/element", using="css selector", value=selector)[ELEMENT]


@contextmanager
def webkit(folder: Path) -> Iterator[WebKit]:
    """Start its driver, which chooses its port, on a display of its own."""
    driver = shutil.which("WebKitWebDriver")
    assert driver, "No WebKitWebDriver; `make test-engines` installs it"
    log = folder / "webkit.log"
    with display() as name, log.open("w") as output:
        surroundings = {"DISPLAY": name, "GTK_A11Y": "none", "LIBGL_ALWAYS_SOFTWARE": "1", "HOME": str(folder)}
        process = subprocess.Popen([driver, "--port=0"], stdout=output, stderr=output, env=os.environ | surroundings)
        try:
            port = wait_until(lambda: port_of(process.pid), "WebKit's driver listens")
            yield WebKit(f"http://127.0.0.1:{port}", log)
        finally:
            process.terminate()
            process.wait(CEILING)


@contextmanager
def display() -> Iterator[str]:
    """Start Xvfb on a display that it chooses; WebKit draws nowhere else."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x1200x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=[write])
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"
    finally:
        process.terminate()
        process.wait(CEILING)


def port_of(pid: int) -> int | None:
    """The port that a process listens on, by the numbers of its sockets: the driver does not say it."""
    files = [str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()]
    own = {name.removeprefix("socket:[").removesuffix("]") for name in files if name.startswith("socket:")}
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        _, address, _, state, *_, inode = line.split()[:10]
        if state == LISTENS and inode in own:
            return int(address.split(":")[1], 16)
    return None
