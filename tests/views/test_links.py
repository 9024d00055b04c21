from urllib.parse import urldefrag, urljoin

import pytest
from django.contrib.staticfiles import finders

from tests.factories import NOON, make_editor, make_event, make_picture, post, post_many
from tests.markup import parse
from updates import publishing
from updates.publishing import EventDetails, PhotoContent

pytestmark = pytest.mark.django_db

ATTRIBUTES = {"a": "href", "link": "href", "img": "src", "script": "src", "use": "href"}
HOST = "http://testserver"


def make_site():
    author = make_editor()
    picture = make_picture(author)
    for status in ("live", "upcoming", "ended", "postponed", "cancelled"):
        event = make_event(status=status, author=author, planned_start=NOON)
        publishing.change_event(event.pk, EventDetails(lead_picture=picture.pk, key_points=("<p>One.</p>",)), author)
    event = make_event(author=author, page_size=3)
    first, second, *_ = post_many(event, 11)
    post(event, "Waves", blocks=[PhotoContent(picture.pk, alt="A", credit="B")], is_key=True)
    publishing.mark_key(first.pk, author, is_key=True)
    publishing.pin(second.pk, author)
    for number in range(21):
        make_event(status="ended", author=author, slug=f"ended-{number}")


def links_of(tree, address):
    for element in tree.walk():
        target = element.attributes.get(ATTRIBUTES.get(element.name, ""), "")
        sizes = element.attributes.get("srcset", "")
        for one in [target, *(part.split()[0] for part in sizes.split(", ") if part)]:
            if one:
                yield urljoin(HOST + address, one).removeprefix(HOST)


def crawl(client):
    """Every page that can be reached, by its address, and the addresses that answer with nothing."""
    pages, dead, waiting, seen = {}, [], {"/"}, set()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        if address.startswith("/static/"):
            dead += [] if finders.find(address.removeprefix("/static/")) else [address]
            continue
        response = client.get(address)
        dead += [] if response.status_code == 200 else [address]
        if response["Content-Type"].startswith("text/html"):
            pages[address] = parse(response.content)
            links = {urldefrag(link).url for link in links_of(pages[address], address)}
            waiting |= {link for link in links if link.startswith("/")} - seen
    return pages, dead


def lost_anchors(pages):
    for address, tree in pages.items():
        for link in links_of(tree, address):
            page, anchor = urldefrag(link)
            if anchor and page in pages and not pages[page].all(id=anchor):
                yield address, link


@pytest.mark.long
def test_every_link_of_every_page_leads_somewhere(client):
    make_site()
    pages, dead = crawl(client)
    assert (dead, list(lost_anchors(pages))) == ([], [])
    assert len(pages) > 40
