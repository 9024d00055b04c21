import re

import pytest
from django.core.exceptions import ValidationError

from tests.samples import sample_json
from updates.content.embeds import Embed, find_embed
from updates.content.providers import PROVIDERS, Provider

YOUTUBE = Embed(
    provider="youtube",
    ref="dQw4w9WgXcQ",
    url="https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    player_url="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0",
    aspect="16/9",
)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "http://youtube.com/watch?v=dQw4w9WgXcQ",
        "HTTPS://WWW.YouTube.COM:443/watch?v=dQw4w9WgXcQ",
        "https://m.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&feature=share",
        "https://music.youtube.com/watch?v=dQw4w9WgXcQ&list=RD",
        "https://youtu.be/dQw4w9WgXcQ?si=abcdef",
        "https://www.youtube.com/live/dQw4w9WgXcQ?feature=share",
        "https://www.youtube.com/embed/dQw4w9WgXcQ",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        "https://youtube.com./watch?v=dQw4w9WgXcQ",
    ],
)
def test_every_shape_of_a_youtube_address_is_the_same_video(url):
    assert find_embed(url) == YOUTUBE


def test_a_short_stands_upright():
    embed = find_embed("https://youtube.com/shorts/dQw4w9WgXcQ")
    assert (embed.url, embed.aspect) == ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "9/16")


@pytest.mark.parametrize("moment", ["t=3723", "t=3723s", "t=1h2m3s", "start=3723"])
def test_a_moment_in_a_recording_is_kept(moment):
    embed = find_embed(f"https://youtu.be/dQw4w9WgXcQ?{moment}")
    assert embed.url == f"{YOUTUBE.url}&t=3723s"
    assert embed.player_url == f"{YOUTUBE.player_url}&start=3723"


@pytest.mark.parametrize(
    ("url", "provider", "ref", "player"),
    [
        ("https://vimeo.com/76979871", "vimeo", "76979871", "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1"),
        (
            "https://player.vimeo.com/video/76979871?h=abcdef0123",
            "vimeo",
            "76979871",
            "https://player.vimeo.com/video/76979871?h=abcdef0123&autoplay=1&dnt=1",
        ),
        ("https://vimeo.com/event/4111", "vimeo", "4111", "https://vimeo.com/event/4111/embed"),
        ("https://www.dailymotion.com/video/x8abc", "dailymotion", "x8abc", "https://geo.dailymotion.com/player.html?video=x8abc"),
        ("https://dai.ly/x8abc", "dailymotion", "x8abc", "https://geo.dailymotion.com/player.html?video=x8abc"),
        ("https://twitter.com/nasa/status/123?s=20", "x", "123", "https://platform.twitter.com/embed/Tweet.html?id=123&dnt=true"),
        ("https://bsky.app/profile/did:plc:ab/post/3k", "bluesky", "3k", "https://embed.bsky.app/embed/did:plc:ab/app.bsky.feed.post/3k"),
        ("https://bsky.app/profile/example.org/post/3k", "bluesky", "3k", "https://embed.bsky.app/embed/example.org/app.bsky.feed.post/3k"),
        ("https://mastodon.social/@Gargron/123", "mastodon", "123", "https://mastodon.social/@Gargron/123/embed"),
        ("https://www.instagram.com/nasa/reel/Cx-1_/", "instagram", "Cx-1_", "https://www.instagram.com/reel/Cx-1_/embed/"),
        ("https://www.tiktok.com/@bbc.news/video/72", "tiktok", "72", "https://www.tiktok.com/player/v1/72?autoplay=1"),
        (
            "https://www.facebook.com/nasa/videos/a-title/10/",
            "facebook",
            "10",
            "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fwatch%2F%3Fv%3D10",
        ),
        (
            "https://soundcloud.com/nasa/landing",
            "soundcloud",
            "nasa/landing",
            "https://w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fnasa%2Flanding",
        ),
        (
            "https://open.spotify.com/intl-de/episode/4cOdK2wGLETKBW3PvgPWqT?si=1",
            "spotify",
            "4cOdK2wGLETKBW3PvgPWqT",
            "https://open.spotify.com/embed/episode/4cOdK2wGLETKBW3PvgPWqT",
        ),
    ],
)  # fmt: skip
def test_the_player_follows_from_the_address_alone(url, provider, ref, player):
    embed = find_embed(url)
    assert (embed.provider, embed.ref, embed.player_url) == (provider, ref, player)


@pytest.mark.parametrize(
    ("url", "media_type"),
    [
        ("https://cdn.example/films/a.MP4?sig=1", "video/mp4"),
        ("https://cdn.example/live/index.m3u8", "application/vnd.apple.mpegurl"),
    ],
)
def test_a_film_by_address_is_shown_by_the_browser(url, media_type):
    assert find_embed(url) == Embed("file", media_type, url, None, "16/9")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org/report?id=1#top", "example.org"),
        ("https://evil.example/youtube.com/watch?v=dQw4w9WgXcQ", "evil.example"),
        ("https://notyoutube.com/watch?v=dQw4w9WgXcQ", "notyoutube.com"),
        ("https://youtube.com:8443/watch?v=dQw4w9WgXcQ", "youtube.com"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQtoolong", "www.youtube.com"),
        ("https://www.youtube.com/@nasa/live", "www.youtube.com"),
        ("https://vm.tiktok.com/ZM123/", "vm.tiktok.com"),
        ("http://cdn.example/films/a.mp4", "cdn.example"),  # the security policy lets no such film play
    ],
)
def test_anything_else_is_a_link_card(url, host):
    assert find_embed(url) == Embed("link", host, url)


def test_letters_of_other_scripts_are_encoded():
    assert (
        find_embed("https://ru.wikipedia.org/wiki/\u042f\u202e").url == "https://ru.wikipedia.org/wiki/%D0%AF%E2%80%AE"
    )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "Paste"),
        ("javascript:alert(1)", "begin with https"),
        ("JavaScript:alert(1)", "begin with https"),
        ("data:text/html,<script>alert(1)</script>", "begin with https"),
        ("vbscript:x", "begin with https"),
        ("file:///etc/passwd", "begin with https"),
        ("ftp://example.org/a.mp4", "begin with https"),
        ("//youtube.com/watch?v=dQw4w9WgXcQ", "begin with https"),
        ("youtube.com/watch?v=dQw4w9WgXcQ", "begin with https"),
        ("https://youtube.com@evil.example/", "has a username"),
        ("https://user:secret@example.org/", "has a username"),
        ("https://youtube.com\\@evil.example/", "backslash"),
        ("https://example.org:0/", "port"),
        ("https://example.org:65536/", "port"),
        ("https://example.org:port/", "port"),
        ("https://exam ple.org/", "space"),
        (" https://example.org/", "space"),
        ("https://example.org/\u00a0", "space"),
        ("https://example.org/\tx", "space"),
        ("java\nscript:alert(1)", "space"),
        ("https://example.org/\0", "control character"),
        ("https://example.org/\ud83d", "half of a character"),
        ("https://", "name of the site"),
        ("https:///path", "name of the site"),
        ("https:example.org", "name of the site"),
        ("https://%65vil.example/", "name of the site"),
        ("https://a..b/", "name of the site"),
        ("https://\u202eexample.org/", "name of the site"),
        ("https://[::1", "not an address"),
        ("https://example.org/" + "a" * 1000, "too long"),
    ],
)
def test_what_could_hide_something_is_refused_with_the_reason(url, reason):
    with pytest.raises(ValidationError, match=reason):
        find_embed(url)


def test_a_newsroom_adds_its_own_player():
    own = Provider(
        "newsroom",
        frozenset({"video.newsroom.example"}),
        re.compile(r"/clips/(?P<ref>\d+)"),
        url="https://video.newsroom.example/clips/{ref}",
        player="https://video.newsroom.example/player/{ref}",
    )
    embed = find_embed("https://video.newsroom.example/clips/7", (own, *PROVIDERS))
    assert embed == Embed(
        "newsroom", "7", "https://video.newsroom.example/clips/7", "https://video.newsroom.example/player/7", "16/9"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/embed/live_stream?channel=UC1234567890123456789012",
        "https://www.youtube.com/embed/videoseries?list=PL1234567890",
        "https://www.youtube-nocookie.com/embed/live_stream?channel=UC1234567890123456789012",
    ],
)
def test_an_address_that_names_no_video_is_a_plain_card(url):
    assert find_embed(url).provider == "link"


def test_an_id_that_begins_like_a_word_is_a_video():
    assert find_embed("https://youtu.be/live_strea-").ref == "live_strea-"


def test_hostile_addresses_are_refused_or_stay_harmless():
    strange = {}
    for item in sample_json("hostile-html.json")["payloads"]:
        for url in (item["payload"], f"https://example.org/{item['payload']}"):
            try:
                embed = find_embed(url)
            except ValidationError:
                continue
            if not re.fullmatch(r"https?://[^\s\"<>\\]+", embed.url):
                strange[url] = embed.url
    assert strange == {}
