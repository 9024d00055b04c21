"""A press loads each player into its frame, under the policy of the page. Stand-ins answer for the other sites."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.reader_page import connected
from tests.factories import post
from tests.servers import running_site
from updates.content.own_providers import parse_mastodon_hosts
from updates.publishing import EmbedContent, EntryContent, edit, pin
from updates.publishing.events import start_epoch

ADDRESSES = [
    "https://youtu.be/aqz-KE-bpKQ",
    "https://vimeo.com/76979871",
    "https://www.dailymotion.com/video/x8abcde",
    "https://x.com/someone/status/1234567890",
    "https://bsky.app/profile/noor.example.com/post/3k2abcdefghij",
    "https://mastodon.social/@someone/112233445566778899",
    "https://social.new.example/@someone/112233445566778899",
    "https://www.threads.net/@someone/post/DAbcdefghij",
    "https://t.me/someone/12",
    "https://www.instagram.com/p/C1a2B3c4D5e/",
    "https://www.tiktok.com/@someone/video/7123456789012345678",
    "https://www.facebook.com/watch/?v=1234567890",
    "https://soundcloud.com/nasa/landing",
    "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
    "https://www.datawrapper.de/_/AbC12/",
    "https://public.flourish.studio/visualisation/123456/",
    "https://infogram.com/1p0abcdefghijklmn",
    "https://www.google.com/maps/@52.52,13.405,12z",
    "https://www.openstreetmap.org/#map=12/52.52/13.405",
]
HERE = re.compile(r"^https?://(127\.0\.0\.1|localhost)")


@pytest.fixture
def open_site(django_db_setup, tmp_path):
    with running_site(tmp_path / "site.log", MASTODON_HOSTS="*") as site:
        yield site


def test_every_player_loads_after_a_press(open_site, open_page, event, boss, watched, settings):
    settings.MASTODON_HOSTS = parse_mastodon_hosts("*")
    for address in ADDRESSES:
        post(event, address, author=boss, blocks=[EmbedContent(address)])
    watched.expect_requests_to("https://")
    page = open_page("about:blank")
    asked = []

    def stand_in(route):
        asked.append(route.request.url)
        route.fulfill(content_type="text/html", body="<!doctype html><title>Player</title><p>Stand-in</p>")

    page.context.route(lambda url: not HERE.match(url), stand_in)
    page.goto(f"{open_site.url}/{event.slug}/")
    expect(page.locator("article")).to_have_count(len(ADDRESSES))
    assert asked == []
    for number, address in enumerate(reversed(ADDRESSES)):
        article = page.locator("article").nth(number)
        # By key: Chromium gives a click just after scrolling to the frame that was there before
        article.locator("[data-player]").press("Enter")
        frame = article.frame_locator("iframe")
        if "new.example" in address:
            frame = frame.frame_locator("iframe")
        expect(frame.get_by_text("Stand-in")).to_be_visible()
    assert len(asked) == len(ADDRESSES)


SILENCE = (b"\xff\xfb\x90\x00" + bytes(413)) * 80
"""Two seconds of MP3: frames of 128 kbit/s at 44.1 kHz, empty but for their heads."""


def test_sound_of_another_host_loads_and_plays_after_a_press(site, open_page, event, boss, watched):
    address = "https://sound.example/quay.mp3"
    post(event, "Sound", author=boss, blocks=[EmbedContent(address)])
    watched.expect_requests_to("https://sound.example/")
    page = open_page("about:blank")
    asked = []

    def send(route):
        asked.append(route.request.url)
        route.fulfill(content_type="audio/mpeg", body=SILENCE)

    page.context.route("https://sound.example/**", send)
    page.goto(f"{site.url}/{event.slug}/")
    audio = page.locator("article audio")
    expect(audio).to_be_visible()
    assert asked == []
    audio.focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0")
    assert set(asked) == {address}


def test_started_players_play_on_while_their_entry_changes(site, open_page, event, boss, watched):
    film = EmbedContent("https://www.youtube.com/watch?v=aqz-KE-bpKQ", title="From the quay")
    entry = post(event, "A film", author=boss, blocks=[film])
    pin(entry.pk, boss)
    watched.expect_requests_to("https://www.youtube-nocookie.com/")
    page = open_page("about:blank")
    page.route("https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body="<p>A player</p>"))
    page.goto(f"{site.url}/{event.slug}/")
    connected(page)
    articles = [page.locator("[data-pinned] article"), page.locator("[data-entries] > article")]
    for article in articles:
        article.locator("[data-player]").press("Enter")
        expect(article.frame_locator("iframe").get_by_text("A player")).to_be_visible()
    players = page.frames[1:]
    for player in players:
        player.evaluate("window.started = true")

    edit(entry.pk, EntryContent("The film", (film,)), boss)
    for article in articles:
        expect(article.locator("h2")).to_have_text("The film")
    renewed = start_epoch(event.pk, boss)
    expect(page.locator("live-event")).to_have_attribute("data-epoch", renewed.epoch)
    connected(page)

    assert page.frames[1:] == players
    assert [player.evaluate("window.started") for player in players] == [True, True]
