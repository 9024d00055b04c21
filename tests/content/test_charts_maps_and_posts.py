"""Charts, maps, posts and sound by address, and what only looks like them."""

import pytest

from updates.content.embeds import find_embed

OSM = "https://www.openstreetmap.org/export/embed.html?bbox="


@pytest.mark.parametrize(
    ("url", "kept", "player"),
    [
        (
            "https://datawrapper.dwcdn.net/aB3dE/7/",
            "https://datawrapper.dwcdn.net/aB3dE/",
            "https://datawrapper.dwcdn.net/aB3dE/",
        ),
        (
            "https://www.datawrapper.de/_/aB3dE/?v=2",
            "https://datawrapper.dwcdn.net/aB3dE/",
            "https://datawrapper.dwcdn.net/aB3dE/",
        ),
        (
            "https://public.flourish.studio/visualisation/1234/",
            "https://public.flourish.studio/visualisation/1234/",
            "https://flo.uri.sh/visualisation/1234/embed",
        ),
        (
            "https://flo.uri.sh/story/99/embed",
            "https://public.flourish.studio/story/99/",
            "https://flo.uri.sh/story/99/embed",
        ),
        (
            "https://infogram.com/water-levels-1h7z2lg8mrdq6ow",
            "https://infogram.com/water-levels-1h7z2lg8mrdq6ow",
            "https://e.infogram.com/water-levels-1h7z2lg8mrdq6ow?src=embed",
        ),
        (
            "https://e.infogram.com/_/rxvCrDFJdXqGPBe4Ga6r?parent_url=x",
            "https://infogram.com/_/rxvCrDFJdXqGPBe4Ga6r",
            "https://e.infogram.com/_/rxvCrDFJdXqGPBe4Ga6r?src=embed",
        ),
        (
            "https://www.google.com/maps/embed?pb=!1m18!1m12!2d2.29!3d48.8",
            "https://www.google.com/maps/embed?pb=!1m18!1m12!2d2.29!3d48.8",
            "https://www.google.com/maps/embed?pb=!1m18!1m12!2d2.29!3d48.8",
        ),
        (
            "https://www.google.com/maps/@48.85,2.29,15z?entry=ttu",
            "https://www.google.com/maps/@48.85,2.29,15z",
            "https://www.google.com/maps?q=48.85,2.29&z=15&output=embed",
        ),
        (
            "https://maps.google.com/maps/place/Tour+Eiffel/@48.85,-2.29,15.5z/data=!3m1",
            "https://www.google.com/maps/place/Tour+Eiffel/@48.85,-2.29,15z",
            "https://www.google.com/maps?q=48.85,-2.29&z=15&output=embed",
        ),
        (
            "https://www.openstreetmap.org/#map=0/0/0",
            "https://www.openstreetmap.org/#map=0/0/0",
            f"{OSM}-450.000000%2C-90.000000%2C450.000000%2C90.000000&layer=mapnik",
        ),
        (
            "https://openstreetmap.org/?mlat=48.1&mlon=11.5#map=10/48.1/11.5&layers=C",
            "https://www.openstreetmap.org/?mlat=48.1&mlon=11.5#map=10/48.1/11.5",
            f"{OSM}11.060547%2C47.879889%2C11.939453%2C48.320111&layer=mapnik&marker=48.1%2C11.5",
        ),
        (
            "https://www.threads.net/@a.b/post/Cuw_-12345?x=1",
            "https://www.threads.com/@a.b/post/Cuw_-12345",
            "https://www.threads.com/@a.b/post/Cuw_-12345/embed",
        ),
        ("https://t.me/s/durov/12", "https://t.me/durov/12", "https://t.me/durov/12?embed=1"),
        ("https://mastodon.world/@a/123", "https://mastodon.world/@a/123", "https://mastodon.world/@a/123/embed"),
    ],
)
def test_the_player_follows_from_the_address(url, kept, player):
    embed = find_embed(url)
    assert (embed.url, embed.player_url) == (kept, player)
    assert find_embed(embed.url) == embed


@pytest.mark.parametrize(
    "url",
    [
        "https://datawrapper.dwcdn.net/toolong/",
        "https://datawrapper.dwcdn.net/lib/embed.js",
        "https://www.datawrapper.de/pricing/",
        "https://evil.example/datawrapper.dwcdn.net/aB3dE/",
        "https://public.flourish.studio/visualisation/abc/",
        "https://flourish.studio/visualisation/1234/",
        "https://infogram.com/examples",
        "https://www.google.com/search?q=maps",
        "https://www.google.com/maps/place/Paris",
        "https://www.google.com/maps/@148.85,2.29,15z",
        "https://www.google.com/maps/embed?pb=<script>alert(1)",
        "https://maps.app.goo.gl/abc123",
        "https://www.openstreetmap.org/node/123",
        "https://www.openstreetmap.org/#map=999/48/11",
        "https://www.openstreetmap.org/#map=99/48/11",
        "https://www.openstreetmap.org/#map=23/48/11",
        "https://www.openstreetmap.org/#map=5/91/11",
        "https://www.openstreetmap.org/#map=5/90.5/11",
        "https://www.openstreetmap.org/#map=5/48/181",
        "https://www.openstreetmap.org/#map=5/48/-180.5",
        "https://www.openstreetmap.org/?mlat=95&mlon=11#map=5/48/11",
        "https://www.google.com/maps/@48.85,2.29,99z",
        "https://www.google.com/maps/@-91,2.29,5z",
        "https://www.google.com/maps/@48.85,999,5z",
        "https://www.openstreetmap.org/#map=1/48/1111",
        "https://www.openstreetmap.org:8443/#map=1/48/11",
        "https://www.threads.net/@a",
        "https://t.me/durov",
        "https://t.me/joinchat/12345",
        "https://t.me/c/1234567/89",
        "https://t.me/durov/١٢",
        "https://social.paper.example/@a/123",
        "https://bsky.app/profile/nodot/post/3k",
        "https://bsky.app/profile/../post/3k",
        "http://cdn.example/a.mp3",
        "https://cdn.example/a.mp3.html",
    ],
)
def test_a_near_miss_is_a_link_card(url):
    embed = find_embed(url)
    assert (embed.provider, embed.player_url) == ("link", None)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.mp3", "audio/mpeg"), ("A.M4A?sig=1", "audio/mp4"), ("a.ogg", "audio/ogg"), ("a.wav#t=3", "audio/wav")],
)
def test_sound_by_address_is_played_by_the_browser(name, media_type):
    embed = find_embed(f"https://cdn.example/{name}")
    assert (embed.provider, embed.ref, embed.aspect) == ("file", media_type, "")


def test_a_place_keeps_its_map_when_it_is_at_the_edge_of_the_world():
    assert "90.000000" in find_embed("https://www.openstreetmap.org/#map=1/90/180").player_url
