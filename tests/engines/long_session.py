"""Two hundred changes while somebody reads: run by ``make prove``, not by the gate. SESSIONS=3 runs three of each.

``SESSION_OPERATIONS=50`` makes each shorter.
"""

import os
import sys

import pytest

from tests.engines.conftest import EACH_ENGINE
from tests.engines.session import Session
from tests.factories import editor_of, make_event

OPERATIONS = int(os.environ.get("SESSION_OPERATIONS", "200"))
MOST = 1.0
"""Pixels by which the text under the eye may move."""

SHIFT = 0.02
"""Layout shift of a whole session; only Chromium measures it."""

DEEDS = {
    "publish": 6, "edit": 3, "grow": 2, "grow_at_start": 2, "correct": 2, "pin": 2, "unpin": 1, "key": 2, "unkey": 1,
    "remove": 1, "remove_under_eye": 1, "restore": 2, "move": 1, "points": 2, "title": 1,
}  # fmt: skip

ORDERS = {"newest": "", "oldest": "?order=oldest&page=last"}


@EACH_ENGINE
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("seed", range(1, 1 + int(os.environ.get("SESSIONS", "1"))))
def test_text_under_the_eye_stays_where_it_is(page, site, transactional_db, order, width, seed):
    event = make_event(page_size=40, key_points=("<p>The gate is down.</p>",), standfirst="What is known.")
    session = Session(page, event, editor_of(event), seed)
    for _ in range(30):
        session.publish()
    session.open(f"{site.url}/{event.slug}/{ORDERS[order]}", width)
    begins = {}
    for number in range(OPERATIONS):
        session.work(*session.roll.choices(list(DEEDS), DEEDS.values()))
        page.evaluate("eye.frames(8)")
        if number % 3 == 0:
            session.read_on()
        if number == OPERATIONS // 4:
            begins = measured(page)
    session.settle()
    moved, story = session.moved()
    shift, shifts = page.evaluate("eye.shift"), page.evaluate("eye.shifts")
    ends = measured(page)
    figures = {name: f"{value} to {ends[name]}" for name, value in begins.items()}
    sys.stdout.write(f"\n{order} first, {width} px, {seed}: moved {moved:.2f} px, shift {shift:.4f}; {figures}\n")
    sys.stdout.write("".join(f"    {line}\n" for line in [*story, *shifts]))
    assert moved <= MOST
    assert shift <= SHIFT
    assert ends["listeners"] <= begins["listeners"] + 20


def measured(page) -> dict[str, float]:
    """Return what would grow if the page kept what it no longer needs; only Chromium counts listeners and memory."""
    metrics = page.metrics() if hasattr(page, "metrics") else {}
    return {
        "entries": page.evaluate("document.querySelectorAll('[data-entries] > article').length"),
        "elements": page.evaluate("document.querySelectorAll('*').length"),
        "nodes": metrics.get("Nodes", 0),
        "listeners": metrics.get("JSEventListeners", 0),
        "heap MB": round(metrics.get("JSHeapUsedSize", 0) / 1e6, 2),
    }
