"""Sites whose videos and posts can be embedded: one row per form of address.

A player is built from the address without a network request. Short links that only their owner can resolve
(vm.tiktok.com, fb.watch) therefore become link cards.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Provider:
    """``pattern`` is matched from the start of path and query; its group ``ref`` names the video or post.

    ``url`` and ``player`` are templates over the pattern's groups and ``host``; ``player`` may also ask for
    ``quoted``, the finished ``url`` as a query value. ``url_moment`` and ``player_moment`` are appended where
    the address points into a recording, with ``seconds``. ``aspect`` is width/height: 16/9, 9/16, 4/5 or 3/1.
    """

    name: str
    hosts: frozenset[str]
    pattern: re.Pattern[str]
    url: str
    player: str | None
    aspect: str = "16/9"
    url_moment: str = ""
    player_moment: str = ""


def _hosts(*names: str) -> frozenset[str]:
    return frozenset(names) | {f"www.{name}" for name in names} | {f"m.{name}" for name in names}


def _path(pattern: str) -> re.Pattern[str]:
    # ASCII, since "\w" and "\d" would otherwise take letters and digits of every script for an id.
    return re.compile(pattern + r"(?![\w-])", re.ASCII)


_YOUTUBE = _hosts("youtube.com", "youtube-nocookie.com", "music.youtube.com")
_YOUTUBE_REF = r"(?P<ref>(?!(?:live_stream|videoseries)(?![\w-]))[\w-]{11})"  # these two words name no video
_YOUTUBE_URL = "https://www.youtube.com/watch?v={ref}"
_YOUTUBE_PLAYER = "https://www.youtube-nocookie.com/embed/{ref}?autoplay=1&rel=0"
_VIMEO = _hosts("vimeo.com", "player.vimeo.com")
_VIMEO_REF = r"/(?:channels/[\w-]+/|groups/[\w-]+/videos/|(?:album|showcase)/\d+/video/|video/)?(?P<ref>\d+)"
_DAILYMOTION_PLAYER = "https://geo.dailymotion.com/player.html?video={ref}"
_MASTODON = frozenset(
    {"mastodon.social", "mastodon.online", "mstdn.social", "mas.to", "chaos.social", "hachyderm.io", "journa.host"}
)

PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "youtube",
        _YOUTUBE,
        _path(rf"/(?:watch/?\?(?:.*&)?v=|watch/|live/|embed/|v/|e/){_YOUTUBE_REF}"),
        url=_YOUTUBE_URL,
        player=_YOUTUBE_PLAYER,
        url_moment="&t={seconds}s",
        player_moment="&start={seconds}",
    ),
    Provider(
        "youtube",
        frozenset({"youtu.be", "www.youtu.be"}),
        _path(rf"/{_YOUTUBE_REF}"),
        url=_YOUTUBE_URL,
        player=_YOUTUBE_PLAYER,
        url_moment="&t={seconds}s",
        player_moment="&start={seconds}",
    ),
    Provider(
        "youtube",
        _YOUTUBE,
        _path(rf"/shorts/{_YOUTUBE_REF}"),
        url="https://www.youtube.com/shorts/{ref}",
        player=_YOUTUBE_PLAYER,
        aspect="9/16",
    ),
    Provider(  # unlisted videos carry a key
        "vimeo",
        _VIMEO,
        _path(_VIMEO_REF + r"(?:/|/?\?(?:.*&)?h=)(?P<key>[0-9a-f]{6,40})"),
        url="https://vimeo.com/{ref}/{key}",
        player="https://player.vimeo.com/video/{ref}?h={key}&autoplay=1&dnt=1",
        url_moment="#t={seconds}s",
        player_moment="#t={seconds}s",
    ),
    Provider(
        "vimeo",
        _VIMEO,
        _path(_VIMEO_REF),
        url="https://vimeo.com/{ref}",
        player="https://player.vimeo.com/video/{ref}?autoplay=1&dnt=1",
        url_moment="#t={seconds}s",
        player_moment="#t={seconds}s",
    ),
    Provider(
        "vimeo",
        _VIMEO,
        _path(r"/event/(?P<ref>\d+)"),
        url="https://vimeo.com/event/{ref}",
        player="https://vimeo.com/event/{ref}/embed",
    ),
    Provider(
        "dailymotion",
        _hosts("dailymotion.com"),
        _path(r"/(?:embed/)?video/(?P<ref>[a-zA-Z0-9]+)"),
        url="https://www.dailymotion.com/video/{ref}",
        player=_DAILYMOTION_PLAYER,
        url_moment="?start={seconds}",
        player_moment="&startTime={seconds}",
    ),
    Provider(
        "dailymotion",
        frozenset({"dai.ly"}),
        _path(r"/(?P<ref>[a-zA-Z0-9]+)"),
        url="https://www.dailymotion.com/video/{ref}",
        player=_DAILYMOTION_PLAYER,
    ),
    Provider(
        "dailymotion",
        frozenset({"geo.dailymotion.com"}),
        _path(r"/player(?:/\w+)?\.html\?(?:.*&)?video=(?P<ref>[a-zA-Z0-9]+)"),
        url="https://www.dailymotion.com/video/{ref}",
        player=_DAILYMOTION_PLAYER,
    ),
    Provider(
        "x",
        _hosts("x.com", "twitter.com") | {"mobile.twitter.com"},
        _path(r"/(?P<user>\w{1,20}|i/web)/status(?:es)?/(?P<ref>\d+)"),
        url="https://x.com/{user}/status/{ref}",
        player="https://platform.twitter.com/embed/Tweet.html?id={ref}&dnt=true",
        aspect="4/5",
    ),
    Provider(
        "bluesky",
        frozenset({"bsky.app"}),
        _path(r"/profile/(?P<user>did:[a-z]+:[\w.:-]+)/post/(?P<ref>\w+)"),
        url="https://bsky.app/profile/{user}/post/{ref}",
        player="https://embed.bsky.app/embed/{user}/app.bsky.feed.post/{ref}",
        aspect="4/5",
    ),
    Provider(  # the player needs the account's DID, and only the network could tell it from a handle
        "bluesky",
        frozenset({"bsky.app"}),
        _path(r"/profile/(?P<user>[\w.-]+)/post/(?P<ref>\w+)"),
        url="https://bsky.app/profile/{user}/post/{ref}",
        player=None,
        aspect="",
    ),
    Provider(  # accounts of the instance itself: it has no player for those of others
        "mastodon",
        _MASTODON,
        _path(r"/@(?P<user>\w+)/(?P<ref>\d+)"),
        url="https://{host}/@{user}/{ref}",
        player="https://{host}/@{user}/{ref}/embed",
        aspect="4/5",
    ),
    Provider(
        "instagram",
        _hosts("instagram.com"),
        _path(r"/(?:[\w.]+/)?(?P<kind>p|reel|tv)/(?P<ref>[\w-]+)"),
        url="https://www.instagram.com/{kind}/{ref}/",
        player="https://www.instagram.com/{kind}/{ref}/embed/",
        aspect="4/5",
    ),
    Provider(
        "tiktok",
        _hosts("tiktok.com"),
        _path(r"/@(?P<user>[\w.-]+)/video/(?P<ref>\d+)"),
        url="https://www.tiktok.com/@{user}/video/{ref}",
        player="https://www.tiktok.com/player/v1/{ref}?autoplay=1",
        aspect="9/16",
    ),
    Provider(
        "facebook",
        _hosts("facebook.com"),
        _path(r"/(?:watch/?\?(?:.*&)?v=|[\w.-]+/videos/(?:[\w.-]+/)?)(?P<ref>\d+)"),
        url="https://www.facebook.com/watch/?v={ref}",
        player="https://www.facebook.com/plugins/video.php?href={quoted}",
    ),
    Provider(
        "facebook",
        _hosts("facebook.com"),
        _path(r"/reel/(?P<ref>\d+)"),
        url="https://www.facebook.com/reel/{ref}",
        player="https://www.facebook.com/plugins/video.php?href={quoted}",
        aspect="9/16",
    ),
    Provider(
        "soundcloud",
        _hosts("soundcloud.com"),
        _path(r"/(?P<ref>(?!discover/|you/|search/)[\w-]+/(?:sets/)?(?!sets/)[\w-]+)"),
        url="https://soundcloud.com/{ref}",
        player="https://w.soundcloud.com/player/?url={quoted}",
        aspect="3/1",
    ),
    Provider(
        "spotify",
        frozenset({"open.spotify.com"}),
        _path(r"/(?:intl-\w+/)?(?:embed/)?(?P<kind>track|album|playlist|artist|episode|show)/(?P<ref>\w{22})"),
        url="https://open.spotify.com/{kind}/{ref}",
        player="https://open.spotify.com/embed/{kind}/{ref}",
        aspect="3/1",
    ),
)


def _player_hosts(provider: Provider) -> frozenset[str]:
    host = urlsplit(provider.player or "").netloc
    return provider.hosts if host == "{host}" else frozenset({host} - {""})


PLAYER_HOSTS: tuple[str, ...] = tuple(sorted(frozenset[str]().union(*map(_player_hosts, PROVIDERS))))
"""Hosts that a page may show in a frame."""
