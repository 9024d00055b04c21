"""A newsroom's own players, as a setting names them."""

import json

import pytest
from django.core.exceptions import ValidationError

from updates.content.embeds import find_embed
from updates.content.own_providers import parse_mastodon_hosts, parse_providers
from updates.content.provider import player_hosts

OWN = {
    "name": "paper-tv",
    "host": "video.paper.example",
    "path": "/clips/{id}",
    "player": "https://player.paper.example/e/{id}?autoplay=1",
}


def parsed(**changes):
    return parse_providers(json.dumps([OWN | changes]))


@pytest.mark.parametrize(
    ("changes", "url", "player"),
    [
        ({}, "https://video.paper.example/clips/a-7?utm=1", "https://player.paper.example/e/a-7?autoplay=1"),
        ({"path": "/watch?v={id}"}, "https://video.paper.example/watch?v=7&x=1", "https://player.paper.example/e/7?autoplay=1"),
        (
            {"path": "/{show}/{id}.html", "player": "https://p.paper.example:8443/{id}/{show}"},
            "https://video.paper.example/news/7.html",
            "https://p.paper.example:8443/7/news",
        ),
        ({"path": "/@{user}/{ref}", "player": "https://p.example/{user}"}, None, None),
    ],
)  # fmt: skip
def test_an_own_player_follows_from_its_row(settings, changes, url, player):
    if url is None:
        with pytest.raises(ValueError, match="no names of placeholders"):
            parsed(**changes)
        return
    settings.EMBED_PROVIDERS = parsed(**changes)
    embed = find_embed(url)
    assert (embed.provider, embed.player_url, embed.aspect) == ("paper-tv", player, "16/9")
    assert find_embed(embed.url) == embed


@pytest.mark.parametrize(
    "url",
    [
        "https://video.paper.example/clips/",
        "https://video.paper.example/clips/a%2f..",
        "https://video.paper.example/clips/a;b",
        "https://video.paper.example/x/clips/7",
        "https://video.paper.example:81/clips/7",
        "https://www.video.paper.example/clips/7",
        f"https://video.paper.example/clips/{'a' * 101}",
    ],
)
def test_other_pages_of_the_host_are_link_cards(settings, url):
    settings.EMBED_PROVIDERS = parsed()
    assert find_embed(url).provider == "link"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "Paper TV"}, "provider 1: name is a word"),
        ({"name": "link"}, "provider 1: name is a word"),
        ({"host": "https://video.paper.example"}, "host is a host name"),
        ({"host": "*"}, "host is a host name"),
        ({"host": "localhost"}, "host is a host name"),
        ({"path": "clips/{id}"}, "path is the path"),
        ({"path": "/(a+)+/{id}"}, "path is the path"),
        ({"path": "/{id"}, "path is the path"),
        ({"path": "/clips/"}, "needs one to four placeholders"),
        ({"path": "/{id}/{id}"}, "each once"),
        ({"path": "/{a}/{b}/{c}/{d}/{e}"}, "one to four"),
        ({"path": "/a{id}"}, "a whole part"),
        ({"path": "/{a}{b}"}, "a whole part"),
        ({"player": "http://p.example/{id}"}, "begins with https"),
        ({"player": "https://{id}/"}, "begins with https"),
        ({"player": "https://p.example/{id}' *; script-src *"}, "begins with https"),
        ({"player": "javascript:alert(1)"}, "begins with https"),
        ({"player": "https://p.example/{id.__class__}"}, "begins with https"),
        ({"player": "https://p.example/{other}"}, "asks for {other}"),
        ({"aspect": "2/1"}, "aspect is one of 16/9"),
        ({"regex": ".*"}, "“regex” is none of name"),
        ({"name": 7}, "name is a text"),
    ],
)
def test_a_wrong_row_is_refused_with_the_reason(changes, reason):
    with pytest.raises(ValueError, match=reason):
        parsed(**changes)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("paper", "not JSON"),
        ("{}", "a list such as"),
        ("[1]", "a list such as"),
        ("[{}]", "name is missing"),
        (json.dumps([OWN] * 51), "at most 50"),
    ],
)
def test_what_is_no_list_of_providers_is_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_providers(text)


def test_an_own_mastodon_server_has_a_player(settings):
    settings.MASTODON_HOSTS = parse_mastodon_hosts("social.paper.example, Other.example")
    assert find_embed("https://other.example/@a/1").player_url == "https://other.example/@a/1/embed"
    assert player_hosts(settings.MASTODON_HOSTS) == ("other.example", "social.paper.example")
    assert parse_mastodon_hosts("") == ()
    with pytest.raises(ValueError, match=r"“https://a\.example” is no host name"):
        parse_mastodon_hosts("https://a.example")


ANYWHERE = "https://social.new.example/@noor/112233445566778899"


def test_every_mastodon_server_can_be_allowed(settings):
    assert find_embed(ANYWHERE).provider == "link"
    settings.MASTODON_HOSTS = parse_mastodon_hosts("social.paper.example, *")
    assert find_embed(ANYWHERE).player_url == f"{ANYWHERE}/embed"
    assert find_embed("https://social.paper.example/@a/1").provider == "mastodon"
    assert find_embed("https://www.threads.net/@noor/post/DAbcdefgh").provider == "threads"
    assert player_hosts(settings.MASTODON_HOSTS) == ("social.paper.example",)
    ref = "112233445566778899"
    for other in (f"@noor/{ref[2:]}", f"@noor/{ref}00", f"@noor/{ref}x", f"@noor/{ref}/reblogs", "users/noor"):
        assert find_embed(f"https://social.new.example/{other}").provider == "link", other
    for address in ("https://192.168.0.1/@noor/112233445566778899", "https://cms.internal/@noor/112233445566778899"):
        with pytest.raises(ValidationError):
            find_embed(address)


def test_frames_of_own_players_are_allowed_and_no_more():
    assert player_hosts(parsed()) == ("player.paper.example",)


def test_list_of_servers_reads_the_same_in_every_process():
    hosts = [f"social-{number}.example" for number in range(8)]
    (provider,) = parse_mastodon_hosts(",".join(hosts))
    assert str(hosts) in repr(provider)
