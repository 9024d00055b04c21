"""WebKit, driven by WebDriver through Debian's WebKitWebDriver: https://www.w3.org/TR/webdriver2/."""

import json
import os
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.engines.page import KEYS, DeskPage
from tests.servers import CEILING, wait_until

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The name of a reference to an element, by the standard."""

LISTENS = "0A"
"""The state of a listening socket in /proc/net/tcp."""

START_CEILING = 45.0
"""Seconds for a browser to start, which takes it one or two."""

STARTS = 3

AWAITED = """const done = arguments[arguments.length - 1];
Promise.resolve().then(() => (%s)).then((value) => done({value}), (error) => done({error: `${error}`}));"""


class Driver:
    """A process of WebKit's driver, which starts one browser, and the log that its console is written to."""

    def __init__(self, log: Path, variables: dict[str, str]) -> None:
        program = shutil.which("WebKitWebDriver")
        assert program, "No WebKitWebDriver; `make test-engines` installs it"
        self.log = log
        with log.open("w") as output:
            self._process = subprocess.Popen(
                [program, "--port=0"], stdout=output, stderr=output, env=os.environ | variables, start_new_session=True
            )
        port = wait_until(lambda: port_of(self._process.pid), "WebKit's driver listens")
        self._url = f"http://127.0.0.1:{port}"

    def command(self, method: str, path: str, ceiling: float = CEILING, **body):
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(self._url + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=ceiling) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.read().decode()}") from None

    def start_browser(self) -> str:
        """Return the path of a new session. Now and then, on a busy machine, the browser starts and never answers."""
        program = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        options = {"binary": str(program), "args": ["--automation", "--enable-write-console-messages-to-stdout=true"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        return f"/session/{self.command('POST', '/session', START_CEILING, capabilities=wanted)['sessionId']}"

    def end(self) -> None:
        """End the driver and the browser that it has started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(CEILING)


class WebKit:
    """Starts a browser with a driver of its own for each page."""

    def __init__(self, folder: Path, display: str) -> None:
        self._folder = folder
        self._variables = {"DISPLAY": display, "GTK_A11Y": "none", "LIBGL_ALWAYS_SOFTWARE": "1", "HOME": str(folder)}
        self._drivers: list[Driver] = []

    def new_page(self) -> DeskPage:
        for _ in range(STARTS):
            driver = Driver(self._folder / f"webkit-{len(self._drivers)}.log", self._variables)
            self._drivers.append(driver)
            try:
                return WebKitPage(driver, driver.start_browser())
            except TimeoutError:
                driver.end()
        raise AssertionError(f"WebKit did not start in {STARTS} attempts; its logs: {self._folder}")

    def close(self) -> None:
        """End the browsers of tests that failed."""
        for driver in self._drivers:
            driver.end()


class WebKitPage(DeskPage):
    def __init__(self, driver: Driver, session: str) -> None:
        self._driver = driver
        self._session = session
        self._post("/window/rect", width=1280, height=1000)
        self._post("/timeouts", script=1000 * int(CEILING), pageLoad=1000 * int(CEILING))

    def open(self, url: str) -> None:
        self._post("/url", url=url)

    def evaluate(self, expression: str):
        result = self._post("/execute/async", script=AWAITED % expression, args=[])
        assert "error" not in result, f"{expression}: {result['error']}"
        return result.get("value")

    def resize(self, width: int, height: int) -> None:
        """The size of the window, which has bars and cannot be narrower than 447 pixels."""
        self._post("/window/rect", width=width, height=height)

    def press_mouse(self, selector: str) -> None:
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
        log = self._driver.log.read_text(errors="replace")
        return re.findall(r"^CONSOLE .*\b(?:WARN|ERROR)\b.*$", log, re.MULTILINE)

    def close(self) -> None:
        self._driver.command("DELETE", self._session)
        self._driver.end()

    def _post(self, path: str, **body):
        return self._driver.command("POST", self._session + path, **body)

    def _find(self, selector: str) -> str:
        return self._post("/element", using="css selector", value=selector)[ELEMENT]


@contextmanager
def webkit(folder: Path) -> Iterator[WebKit]:
    with display() as name, closing(WebKit(folder, name)) as browser:
        yield browser


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
    files = []
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed by now
            files.append(str(file.readlink()))
    own = {name.removeprefix("socket:[").removesuffix("]") for name in files if name.startswith("socket:")}
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        _, address, _, state, *_, inode = line.split()[:10]
        if state == LISTENS and inode in own:
            return int(address.split(":")[1], 16)
    return None
