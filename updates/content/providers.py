"""Sites whose videos, posts, charts and maps can be embedded: one row per form of address.

A player is built from the address without a network request. Short links that only their owner can resolve
(vm.tiktok.com, fb.watch) therefore become link cards.
"""

from django.conf import settings

from .charts_and_maps import CHARTS, MAPS
from .provider import ANY_HOST, Provider, hosts_of, path_pattern, player_hosts

__all__ = ["PLAYER_HOSTS", "PROVIDERS", "Provider", "mastodon", "providers_of_site"]

_YOUTUBE = hosts_of("youtube.com", "youtube-nocookie.com", "music.youtube.com")
_YOUTUBE_REF = r"(?P<ref>(?!(?:live_stream|videoseries)(?![\w-]))[\w-]{11})"  # these two words name no video
_YOUTUBE_URL = "https://www.youtube.com/watch?v={ref}"
_YOUTUBE_PLAYER = "https://www.youtube-nocookie.com/embed/{ref}?autoplay=1&rel=0"
_VIMEO = hosts_of("vimeo.com", "player.vimeo.com")
_VIMEO_REF = r"/(?:channels/[\w-]+/|groups/[\w-]+/videos/|(?:album|showcase)/\d+/video/|video/)?(?P<ref>\d+)"
_DAILYMOTION_PLAYER = "https://geo.dailymotion.com/player.html?video={ref}"
_MASTODON = frozenset({
    "mastodon.social", "mastodon.online", "mastodon.world", "mstdn.social", "mas.to", "chaos.social", "hachyderm.io",
    "fosstodon.org", "infosec.exchange", "journa.host", "newsie.social", "social.bund.de",
    "social.network.europa.eu",
})  # fmt: skip


def mastodon(hosts: frozenset[str]) -> Provider:
    """Return a provider of posts of Mastodon servers, by accounts of the server itself: others it has no player for.

    Of hosts that nobody has named, only addresses with the long numbers that Mastodon gives since 2017 are posts.
    """
    number = r"\d{17,19}(?=/?(?:\?|$))" if ANY_HOST in hosts else r"\d+"
    return Provider(
        "mastodon",
        hosts,
        path_pattern(rf"/@(?P<user>\w+)/(?P<ref>{number})"),
        url="https://{host}/@{user}/{ref}",
        player="https://{host}/@{user}/{ref}/embed",
        aspect="4/5",
    )


PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "youtube",
        _YOUTUBE,
        path_pattern(rf"/(?:watch/?\?(?:.*&)?v=|watch/|live/|embed/|v/|e/){_YOUTUBE_REF}"),
        url=_YOUTUBE_URL,
        player=_YOUTUBE_PLAYER,
        url_moment="&t={seconds}s",
        player_moment="&start={seconds}",
    ),
    Provider(
        "youtube",
        frozenset({"youtu.be", "www.youtu.be"}),
        path_pattern(rf"/{_YOUTUBE_REF}"),
        url=_YOUTUBE_URL,
        player=_YOUTUBE_PLAYER,
        url_moment="&t={seconds}s",
        player_moment="&start={seconds}",
    ),
    Provider(
        "youtube",
        _YOUTUBE,
        path_pattern(rf"/shorts/{_YOUTUBE_REF}"),
        url="https://www.youtube.com/shorts/{ref}",
        player=_YOUTUBE_PLAYER,
        aspect="9/16",
    ),
    Provider(  # unlisted videos carry a key
        "vimeo",
        _VIMEO,
        path_pattern(_VIMEO_REF + r"(?:/|/?\?(?:.*&)?h=)(?P<key>[0-9a-f]{6,40})"),
        url="https://vimeo.com/{ref}/{key}",
        player="https://player.vimeo.com/video/{ref}?h={key}&autoplay=1&dnt=1",
        url_moment="#t={seconds}s",
        player_moment="#t={seconds}s",
    ),
    Provider(
        "vimeo",
        _VIMEO,
        path_pattern(_VIMEO_REF),
        url="https://vimeo.com/{ref}",
        player="https://player.vimeo.com/video/{ref}?autoplay=1&dnt=1",
        url_moment="#t={seconds}s",
        player_moment="#t={seconds}s",
    ),
    Provider(
        "vimeo",
        _VIMEO,
        path_pattern(r"/event/(?P<ref>\d+)"),
        url="https://vimeo.com/event/{ref}",
        player="https://vimeo.com/event/{ref}/embed",
    ),
    Provider(
        "dailymotion",
        hosts_of("dailymotion.com"),
        path_pattern(r"/(?:embed/)?video/(?P<ref>[a-zA-Z0-9]+)"),
        url="https://www.dailymotion.com/video/{ref}",
        player=_DAILYMOTION_PLAYER,
        url_moment="?start={seconds}",
        player_moment="&startTime={seconds}",
    ),
    Provider(
        "dailymotion",
        frozenset({"dai.ly"}),
        path_pattern(r"/(?P<ref>[a-zA-Z0-9]+)"),
        url="https://www.dailymotion.com/video/{ref}",
        player=_DAILYMOTION_PLAYER,
    ),
    Provider(
        "dailymotion",
        frozenset({"geo.dailymotion.com"}),
        path_pattern(r"/player(?:/\w+)?\.html\?(?:.*&)?video=(?P<ref>[a-zA-Z0-9]+)"),
        url="https://www.dailymotion.com/video/{ref}",
        player=_DAILYMOTION_PLAYER,
    ),
    Provider(
        "x",
        hosts_of("x.com", "twitter.com") | {"mobile.twitter.com"},
        path_pattern(r"/(?P<user>\w{1,20}|i/web)/status(?:es)?/(?P<ref>\d+)"),
        url="https://x.com/{user}/status/{ref}",
        player="https://platform.twitter.com/embed/Tweet.html?id={ref}&dnt=true",
        aspect="4/5",
    ),
    Provider(
        "bluesky",
        frozenset({"bsky.app"}),
        path_pattern(r"/profile/(?P<user>did:[a-z]+:[\w.:-]+)/post/(?P<ref>\w+)"),
        url="https://bsky.app/profile/{user}/post/{ref}",
        player="https://embed.bsky.app/embed/{user}/app.bsky.feed.post/{ref}",
        aspect="4/5",
    ),
    Provider(  # the player resolves a handle by itself
        "bluesky",
        frozenset({"bsky.app"}),
        path_pattern(r"/profile/(?P<user>[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63}){1,5})/post/(?P<ref>\w+)"),
        url="https://bsky.app/profile/{user}/post/{ref}",
        player="https://embed.bsky.app/embed/{user}/app.bsky.feed.post/{ref}",
        aspect="4/5",
    ),
    mastodon(_MASTODON),
    Provider(
        "threads",
        hosts_of("threads.net", "threads.com"),
        path_pattern(r"/@(?P<user>[\w.]{1,30})/post/(?P<ref>[\w-]{5,40})"),
        url="https://www.threads.com/@{user}/post/{ref}",
        player="https://www.threads.com/@{user}/post/{ref}/embed",
        aspect="4/5",
    ),
    Provider(  # posts of public channels
        "telegram",
        frozenset({"t.me", "telegram.me"}),
        path_pattern(r"/(?:s/)?(?P<user>(?!(?:joinchat|addstickers|addemoji)/)[a-zA-Z]\w{3,31})/(?P<ref>\d{1,12})"),
        url="https://t.me/{user}/{ref}",
        player="https://t.me/{user}/{ref}?embed=1",
        aspect="4/5",
    ),
    Provider(
        "instagram",
        hosts_of("instagram.com"),
        path_pattern(r"/(?:[\w.]+/)?(?P<kind>p|reel|tv)/(?P<ref>[\w-]+)"),
        url="https://www.instagram.com/{kind}/{ref}/",
        player="https://www.instagram.com/{kind}/{ref}/embed/",
        aspect="4/5",
    ),
    Provider(
        "tiktok",
        hosts_of("tiktok.com"),
        path_pattern(r"/@(?P<user>[\w.-]+)/video/(?P<ref>\d+)"),
        url="https://www.tiktok.com/@{user}/video/{ref}",
        player="https://www.tiktok.com/player/v1/{ref}?autoplay=1",
        aspect="9/16",
    ),
    Provider(
        "facebook",
        hosts_of("facebook.com"),
        path_pattern(r"/(?:watch/?\?(?:.*&)?v=|[\w.-]+/videos/(?:[\w.-]+/)?)(?P<ref>\d+)"),
        url="https://www.facebook.com/watch/?v={ref}",
        player="https://www.facebook.com/plugins/video.php?href={quoted}",
    ),
    Provider(
        "facebook",
        hosts_of("facebook.com"),
        path_pattern(r"/reel/(?P<ref>\d+)"),
        url="https://www.facebook.com/reel/{ref}",
        player="https://www.facebook.com/plugins/video.php?href={quoted}",
        aspect="9/16",
    ),
    Provider(
        "soundcloud",
        hosts_of("soundcloud.com"),
        path_pattern(r"/(?P<ref>(?!discover/|you/|search/)[\w-]+/(?:sets/)?(?!sets/)[\w-]+)"),
        url="https://soundcloud.com/{ref}",
        player="https://w.soundcloud.com/player/?url={quoted}",
        aspect="3/1",
    ),
    Provider(
        "spotify",
        frozenset({"open.spotify.com"}),
        path_pattern(r"/(?:intl-\w+/)?(?:embed/)?(?P<kind>track|album|playlist|artist|episode|show)/(?P<ref>\w{22})"),
        url="https://open.spotify.com/{kind}/{ref}",
        player="https://open.spotify.com/embed/{kind}/{ref}",
        aspect="3/1",
    ),
    *CHARTS,
    *MAPS,
)

PLAYER_HOSTS: tuple[str, ...] = player_hosts(PROVIDERS)
"""Hosts that a page may show in a frame, without those of the settings."""


def providers_of_site() -> tuple[Provider, ...]:
    """Return the newsroom's own providers and those of the table; the last one may have every host."""
    return (*settings.EMBED_PROVIDERS, *PROVIDERS, *settings.MASTODON_HOSTS)
