"""Posts of Mastodon servers that no list names, in a frame whose policy has that one server."""

import pytest

from tests.factories import editor_of, make_event, post
from updates import publishing
from updates.content.own_providers import parse_mastodon_hosts
from updates.publishing import EmbedContent, TextContent

pytestmark = pytest.mark.django_db

PLACE = "https://social.new.example/@noor/112233445566778899"
KNOWN = "https://mastodon.social/@noor/112233445566778899"


@pytest.fixture
def event():
    return make_event(slug="storm")


@pytest.fixture
def entry(event, settings):
    settings.MASTODON_HOSTS = parse_mastodon_hosts("*")
    return post(event, "Posts", blocks=[TextContent("<p>W</p>"), EmbedContent(PLACE), EmbedContent(KNOWN)])


def frame_of(client, entry, number=2):
    return client.get(f"{entry.get_absolute_url()}post-{number}/")


def test_the_page_frames_our_own_page_and_that_one_the_server(client, entry):
    page = client.get("/storm/")
    assert f'data-player="{entry.get_absolute_url()}post-2/"' in page.content.decode()
    assert f'data-player="{KNOWN}/embed"' in page.content.decode()
    assert "new.example" not in page["Content-Security-Policy"]
    frame = frame_of(client, entry)
    assert f'src="{PLACE}/embed"' in frame.content.decode()
    sources = "default-src 'none'; style-src 'self'; frame-src https://social.new.example;"
    assert frame["Content-Security-Policy"] == f"{sources} frame-ancestors 'self'; base-uri 'none'"
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_sites_that_may_embed_the_live_blog_may_frame_it(client, entry, event):
    publishing.change_event(event.pk, publishing.EventDetails(embed_sites=["https://paper.example"]), editor_of(event))
    assert "frame-ancestors 'self' https://paper.example;" in frame_of(client, entry)["Content-Security-Policy"]


@pytest.mark.parametrize("number", [0, 1, 3, 4])
def test_only_such_a_post_has_a_frame(client, entry, number):
    assert frame_of(client, entry, number).status_code == 404


def test_the_frame_of_a_removed_update_is_gone(client, entry, event):
    publishing.remove(entry.pk, editor_of(event))
    assert frame_of(client, entry).status_code == 410


def test_it_becomes_a_link_when_the_setting_is_taken_back(client, entry, settings):
    settings.MASTODON_HOSTS = ()
    assert frame_of(client, entry).status_code == 404
    page = client.get(entry.get_absolute_url()).content.decode()
    assert f'<a class="out" href="{PLACE}"' in page
