"""Any address becomes a player of a known site, a film, a card that leads where it says, or a refusal in words."""

from urllib.parse import urlsplit

import hypothesis
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.bounds import examples, within
from updates.content.embeds import MAX_LENGTH, find_embed
from updates.content.providers import PROVIDERS

pytestmark = pytest.mark.fuzz

HOSTS = sorted({host for provider in PROVIDERS for host in provider.hosts})
PLAYER_HOSTS = {urlsplit(provider.player).hostname for provider in PROVIDERS if provider.player} | set(HOSTS)
ODD_HOSTS = [
    "", ".", "localhost", "127.0.0.1", "0x7f.1", "[::1]", "[", "]", "[::1%25lo]", "xn--", "xn--a", "youtube.com.",
    "ｙoutube.com",
    "youtube.com@evil.example", "evil.example:443", "example.org:0", "example.org:99999", "example.org:-1",
    "аpple.com",
    "пример.рф", "a..b", "-a.example", "a" * 300, "youtube。com", "example.org:٤٤٣", "ß.example", "\u200dexample.org",
]  # fmt: skip
SCHEMES = [
    "https://",
    "https://",
    "https://",
    "http://",
    "HTTPS://",
    "//",
    "javascript:",
    "https:",
    "data:",
    "file://",
    " https://",
]
IDS = [
    "dQw4w9WgXcQ",
    "live_stream",
    "76979871",
    "x8abc",
    "123",
    "did:plc:ab",
    "../..",
    "%00",
    "%2e%2e",
    "١٢٣",
    "a" * 900,
]
PATHS = [
    "/", "watch", "?v=", "/embed/", "/shorts/", "/video/", "/status/", "/@a/", "/reel/", "/p/", "/post/",
    "/profile/", "/event/",
    "/videos/", "&t=1h2m3s", "#t=90", "?start=", "&", ";", "'",
    '"', "<", ">", "{ref}", "{", "%", "\\", "\r\n", ".mp4", ".m3u8",
]  # fmt: skip
USUAL = [
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ?t=1h2m3s",
    "https://vimeo.com/76979871",
    "https://player.vimeo.com/video/76979871?h=abcdef0123", "https://vimeo.com/event/4111", "https://dai.ly/x8abc",
    "https://twitter.com/nasa/status/123?s=20", "https://bsky.app/profile/did:plc:ab/post/3k",
    "https://mastodon.social/@a/123",
    "https://www.instagram.com/nasa/reel/Cx-1_/", "https://www.tiktok.com/@bbc.news/video/72",
    "https://t.me/channel/12",
    "https://www.facebook.com/nasa/videos/a-title/10/", "https://soundcloud.com/nasa/landing",
    "https://cdn.example/a.mp4?x=1",
    "https://open.spotify.com/intl-de/episode/4cOdK2wGLETKBW3PvgPWqT?si=1", "http://[2001:db8::1]:8080/a?b#c",
    "https://bücher.de/ü",
]  # fmt: skip


@st.composite
def nearly_usual(draw):
    address = draw(st.sampled_from(USUAL))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(address)))
        piece = draw(st.sampled_from(PATHS) | st.sampled_from(IDS) | st.text(max_size=3))
        address = address[:start] + piece + address[start + draw(st.integers(0, 6)) :]
    return address


hosts = st.sampled_from(HOSTS) | st.sampled_from(HOSTS) | st.sampled_from(ODD_HOSTS) | st.text(max_size=12)
ends = st.lists(st.sampled_from(PATHS) | st.sampled_from(IDS) | st.text(max_size=8), max_size=8).map("".join)
addresses = (
    st.builds(lambda *some: "".join(some), st.sampled_from(SCHEMES), hosts, ends) | nearly_usual() | nearly_usual()
)


def embed_of(address, **options):
    with within(seconds=2):
        try:
            return find_embed(address, **options)
        except ValidationError:
            return None


@given(addresses)
@examples(1500)
def test_address_becomes_what_it_is_or_a_refusal(address):
    embed = embed_of(address)
    hypothesis.event(embed.provider if embed else "refused")
    if embed is None:
        return
    assert urlsplit(embed.url).scheme in ("http", "https")
    assert embed.url.isascii()
    assert not set(embed.url) & set(' <>"\\\r\n\t')
    assert embed_of(embed.url) == embed, "the address that is kept shows the same"
    if embed.player_url:
        player = urlsplit(embed.player_url)
        assert (player.scheme, player.hostname in PLAYER_HOSTS) == ("https", True)
        assert not set(embed.player_url) & set(' <>"\\\r\n\t')
    if embed.provider == "link":
        assert urlsplit(embed.url).hostname == embed.ref


@given(st.sampled_from(PATHS + IDS), hosts)
@examples(40)
def test_address_without_end_is_refused_at_once(piece, host):
    for length in (MAX_LENGTH, MAX_LENGTH * 1_000):
        embed_of(f"https://{host}/" + piece * (length // len(piece)), was_published=True)
