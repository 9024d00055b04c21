"""A page of another site shows a live blog as a frame, an element and HTML, and by oEmbed, in every engine."""

import json
from threading import Thread
from urllib.parse import quote

import pytest

from tests.factories import editor_of, post
from updates import publishing
from updates.demo.example_site import ExampleSite
from updates.publishing import EventDetails

ELEMENT = "document.querySelector({selector!r}).shadowRoot?.querySelector('.live-blog')"
HEADLINES = "[...{element}.querySelectorAll('[data-entries] :is(h2, b[dir])')].map((each) => each.textContent.trim())"
HEIGHT = "Number.parseFloat(document.querySelector({selector!r}).style.height || 0)"
FRAMES = ("#frame", "#frame-latest", "#oembed iframe")
ELEMENTS = ("#component", "#component-latest")


@pytest.fixture
def example(site, event):
    """The example page, with the frame of oEmbed added, which a CMS would get."""
    server = ExampleSite(site.url, event.slug)
    publishing.change_event(event.pk, EventDetails(embed_sites=[server.address]), editor_of(event))
    found = json.loads(site.get(f"/oembed?url={quote(f'{site.url}/{event.slug}/', safe='')}"))
    page = server.page
    frame = f'<div id="oembed">{found["html"]}</div>'
    server.page = lambda here: page(here).replace("<h1>", frame + "<h1>")  # on top, because it is loaded lazily
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def shown(page, selector):
    return page.evaluate(HEADLINES.format(element=ELEMENT.format(selector=selector)))


def test_every_form_is_live_and_frames_have_the_height_of_their_content(page, event, example):
    boss = editor_of(event)
    post(event, "Gate holds", author=boss)
    page.open(example.address)
    for selector in ELEMENTS:
        element = ELEMENT.format(selector=selector)
        page.wait_for(f"{element} && {element}.dataset.connected === 'true'", f"{selector} is connected")
        assert shown(page, selector) == ["Gate holds"]
    for selector in ("#html", "#html-latest"):
        assert page.texts(f"{selector} [data-entries] :is(h2, b[dir])") == ["Gate holds"]
    for selector in FRAMES:
        page.wait_for(f"{HEIGHT.format(selector=selector)} > 60", f"{selector} has a height")
    before = {selector: page.evaluate(HEIGHT.format(selector=selector)) for selector in FRAMES}

    newest = post(event, "Gate leaks", author=boss, text="<p>Water.</p>" * 30)
    for selector in FRAMES:
        page.wait_for(f"{HEIGHT.format(selector=selector)} > {before[selector]}", f"{selector} grows")
    for selector in ELEMENTS:
        headlines = HEADLINES.format(element=ELEMENT.format(selector=selector))
        page.wait_for(f"{headlines}.join() === 'Gate leaks,Gate holds'", f"{selector} shows the update")
    publishing.remove(newest.pk, boss)
    for selector in FRAMES:
        page.wait_for(f"{HEIGHT.format(selector=selector)} === {before[selector]}", f"{selector} shrinks")
    for selector in ELEMENTS:
        headlines = HEADLINES.format(element=ELEMENT.format(selector=selector))
        page.wait_for(f"{headlines}.join() === 'Gate holds'", f"{selector} drops the update")
