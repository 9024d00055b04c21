"""Checkers of pages: axe for accessibility, the W3C's validator for HTML. Both are Node packages."""

import json
import subprocess
from pathlib import Path

from tests.servers import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
JAVA = ["java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
"""For a program that ends in seconds: compiled once and quickly, which takes less than half of the processor's time."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe would also load each style sheet again, for an experimental rule that is not among these.
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"], "preload": {"assets": ["media"]}}


FINISH = """async () => {
  await new Promise(requestAnimationFrame);
  for (const motion of document.getAnimations())
    if (Number.isFinite(motion.effect.getComputedTiming().endTime)) motion.finish();
}"""


def violations_by_axe(page) -> list[dict]:
    """Rules that a page breaks, as axe reports them. What it says of all other nodes does not leave the browser."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(installed(AXE).read_text())
    return page.evaluate("async (options) => (await axe.run(document, options)).violations", OPTIONS)


def in_scheme(page, scheme):
    """Let a page be light or dark, at once."""
    page.emulate_media(color_scheme=scheme)
    return settled(page)


def settled(page):
    """Let nothing be on its way: colours that fade in would be measured in passing."""
    page.evaluate(FINISH)
    return page


def complaints_of_validator(folder: Path) -> list[str]:
    """Return the errors of the HTML files of a folder and of their styles."""
    command = [*JAVA, "-jar", installed(VNU), "--format", "json", "--also-check-css", folder]
    report = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    return [f"{message['url'].rpartition('/')[2]}: {message['message']}" for message in json.loads(report)["messages"]]


def installed(file: Path) -> Path:
    assert file.exists(), f"No {file.relative_to(ROOT)}; `make test` and `make js` install it"
    return file
