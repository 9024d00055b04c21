"""How quickly a press is answered while updates pour in. Figures, which a busy machine would falsify:
``make prove`` names this file, and no other run of the tests collects it."""

import subprocess
import sys

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.browser.reader_page import connected
from tests.factories import make_event, post_many
from tests.servers import ROOT, environment

SLOWER = 4
MOST = 200
"""Milliseconds from a press to the next picture, for all but one press in fifty."""

USUAL = 100
"""Milliseconds for three presses in four."""

NEWSROOM = """
import time
from django.contrib.auth.models import User
from tests.factories import post
from updates.models import Event
boss = User.objects.get(username="boss")
event = Event.objects.get(pk={event})
begun = time.monotonic()
for number in range(150):
    post(event, f"News {{number}}", author=boss, text="<p>" + "The water stands higher than at noon. " * 12 + "</p>")
    time.sleep(max(0, begun + (number + 1) / 5 - time.monotonic()))  # the load: five updates a second
"""
WATCH = """
window.waits = []; window.tasks = [];
new PerformanceObserver((list) => {
  for (const { duration, interactionId } of list.getEntries()) if (interactionId) waits.push(duration);
}).observe({ type: "event", durationThreshold: 16 });
new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) tasks.push(duration); })
  .observe({ type: "longtask" });
"""


@pytest.mark.parametrize("scrolled", [False, True])
def test_presses_are_answered_while_updates_pour_in(open_page, site, transactional_db, scrolled):
    User.objects.create(username="boss", is_superuser=True)
    event = make_event(page_size=20, key_points=("<p>One.</p>",))
    post_many(event, 40)
    page = open_page(f"{site.url}/{event.slug}/", viewport={"width": 390, "height": 844})
    connected(page)
    page.evaluate(WATCH)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    if scrolled:
        page.evaluate("scrollTo(0, 3000)")
    command = [sys.executable, "manage.py", "shell", "-c", NEWSROOM.format(event=event.pk)]
    newsroom = subprocess.Popen(command, cwd=ROOT, env=environment())
    pause = page.locator(".watch button", has=page.locator("[href='#i-pause']"))
    while newsroom.poll() is None:
        pause.click()
        pause.click()
        page.keyboard.press("j")
    expect(page.locator("[data-count]").first).to_have_text("190 updates")
    waits, tasks = page.evaluate("[waits, tasks]")
    slow = sorted(waits)[-1 - len(waits) // 50]  # as browsers count: one in fifty is left out
    usual = sorted(waits)[len(waits) * 3 // 4]
    presses = f"next paint {slow} ms, three in four {usual} ms; presses {len(waits)}, slowest {max(waits)} ms"
    figures = f"{presses}; long tasks {len(tasks)}, longest {max(tasks or [0])} ms"
    sys.stdout.write(f"{figures}\n")
    assert slow <= MOST
    assert usual <= USUAL
    assert page.locator("[data-entries] > article").count() <= 200
