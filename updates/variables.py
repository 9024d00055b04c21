"""The product's settings, each declared once: name, default and meaning.

``make tables`` writes docs/settings.md from them. The site of this repository takes all of them:
``liveblog/settings.py``, which adds those of its server.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from .content.own_providers import parse_mastodon_hosts, parse_providers
from .content.provider import Provider
from .environment import (
    env_address,
    env_bool,
    env_choices,
    env_float,
    env_folder,
    env_headers,
    env_int,
    env_links,
    env_list,
    env_networks,
    env_origins,
    env_parsed,
    env_prefix,
    env_redis,
    env_site_address,
    env_str,
)
from .page_policy import FEATURES, Sources, parse_sources
from .setting_values import parse_pairs, parse_site_folder, parse_sizes, parse_token

_CHECKOUT = Path(__file__).resolve().parent.parent

DATA_DIR = env_folder(
    "DATA_DIR",
    (_CHECKOUT if (_CHECKOUT / "manage.py").exists() else Path.cwd()) / "var",
    "database, pictures, secret key",
    default_text="`var`",
)
REDIS_URL = env_redis(
    "REDIS_URL",
    "Redis between the processes of this site, such as `redis://127.0.0.1:6379/0`; another site needs another number",
)

# Pictures: on the disk, or in a bucket
S3_BUCKET = env_str(
    "S3_BUCKET",
    "",
    "bucket of pictures; [needs the extra `s3`](operations.md#pictures-in-a-bucket)",
    default_text="the disk",
)
S3_ENDPOINT = env_address("S3_ENDPOINT", "address of a storage that speaks the protocol of S3; empty for Amazon's own")
S3_REGION = env_str("S3_REGION", "", "region of the bucket")
S3_ACCESS_KEY = env_str("S3_ACCESS_KEY", "", "key of the bucket; empty for the role of the machine")
S3_SECRET_KEY = env_str("S3_SECRET_KEY", "", "secret of that key", is_secret=True)

# The site, as readers see it
SITE_URL = env_site_address(
    "SITE_URL",
    "public address of the host, for canonical and one-time links; needed behind a proxy",
    default_text="the requested host",
)
URL_PREFIX = env_prefix("URL_PREFIX", "path below which the site is, such as `/live`: [site.md](site.md#below-a-path)")
SITE_DIR = env_parsed(
    "SITE_DIR",
    None,
    parse_site_folder,
    "folder with the site's own `templates` and `static`, which come first: [site.md](site.md#look)",
    kind="folder",
    default_text="",
)
SITE_HEADER_URL = env_address("SITE_HEADER_URL", "HTML of the site's header, for `manage.py fetch_site_parts`")
SITE_FOOTER_URL = env_address("SITE_FOOTER_URL", "HTML of the site's footer, for `manage.py fetch_site_parts`")
TRUSTED_PROXIES = env_networks(
    "TRUSTED_PROXIES",
    "addresses or networks of your proxies; only their `X-Forwarded-For` and `X-Forwarded-Proto` are used",
)
SITE_NAME = env_str("SITE_NAME", "Ellery Signal", "name of the site")
SITE_LOGO = env_str("SITE_LOGO", "", "picture next to the site's name", default_text="a flag")
SITE_NAVIGATION = env_links(
    "SITE_NAVIGATION",
    f"Live={URL_PREFIX}/",
    "`Name=address`, separated by semicolons; addresses of the whole host",
    default_text="`Live=/`, the front page",
)
SITE_FOOTER = env_links("SITE_FOOTER", "", "`Name=address`, separated by semicolons; addresses of the whole host")
AD_SLOTS_AT_MOST = env_int("AD_SLOTS_AT_MOST", 8, "places for advertisements on a page; 0 for none")
AD_SIZES = env_parsed(
    "AD_SIZES",
    ["medium"],
    parse_sizes,
    "size classes of the first, second … place, the last one for all further: `banner` (100 px high), `medium` (250), "
    "`tall` (600)",
    kind="list",
    default_text="`medium`",
)
AD_TARGETING: dict[str, str] = env_parsed(
    "AD_TARGETING",
    {},
    parse_pairs,
    "key-values of each place, `key=value`, separated by semicolons: [site.md](site.md#advertisements)",
    kind="pairs",
    default_text="",
)
NO_ADS = env_parsed(
    "NO_ADS",
    "",
    parse_token,
    "cookie, or entry of `Server-Timing`, of readers who see no advertisements: [site.md](site.md#advertisements)",
    kind="name",
    default_text="",
)
CSP_EXTRA: Sources = env_parsed(
    "CSP_EXTRA",
    Sources(),
    parse_sources,
    "sources added to the policy of readers' pages, such as `script-src https://ads.example; img-src https:`: "
    "[site.md](site.md#policies)",
    kind="directives",
    default_text="",
)
TRUSTED_TYPES = env_bool(
    "TRUSTED_TYPES",
    default=True,
    meaning="readers' pages take no strings as markup; `0` if your scripts need to: [site.md](site.md#policies)",
)
BROWSER_FEATURES = env_choices(
    "BROWSER_FEATURES",
    (),
    FEATURES,
    "features that your scripts may use, such as `geolocation`: [site.md](site.md#policies)",
)
EMBED_PROVIDERS: tuple[Provider, ...] = env_parsed(
    "EMBED_PROVIDERS",
    (),
    parse_providers,
    "players of your own that can be embedded, as JSON: [site.md](site.md#embeds)",
    kind="JSON",
    default_text="",
)
MASTODON_HOSTS: tuple[Provider, ...] = env_parsed(
    "MASTODON_HOSTS",
    (),
    parse_mastodon_hosts,
    "further Mastodon servers whose posts can be embedded, such as `social.paper.example`; `*` for all",
    kind="list",
    default_text="",
)
AD_TEMPLATE = env_str(
    "AD_TEMPLATE",
    "updates/_house_ad.html",
    "template of an advertisement; empty for none",
    default_text="a house advertisement",
)

# Live delivery
RECONCILE_EVERY = env_float(
    "RECONCILE_EVERY",
    2.0 if REDIS_URL else 0.5,
    "between two checks of the database, in case a nudge was lost",
    default_text="`0.5`, with Redis `2`",
)
REDIS_PROBE_EVERY = env_float("REDIS_PROBE_EVERY", 5.0, "between two checks of Redis")
HEARTBEAT_EVERY = env_float("HEARTBEAT_EVERY", 25.0, "between two heartbeats on a socket")
HIDDEN_CLOSE = env_float("HIDDEN_CLOSE", 45.0, "after which a hidden tab closes its socket")
BACKOFF_BASE = env_float(
    "BACKOFF_BASE",
    1.0,
    "upper bound of the first random wait before a page reconnects; doubles with each attempt, up to 60 times that",
)
POLL_EVERY = env_float("POLL_EVERY", 10.0, "between two requests of a page without a socket")
SOCKET_ORIGINS = env_origins("SOCKET_ORIGINS", "other origins whose pages may open a reader’s socket")
READYZ_TOKEN = env_str("READYZ_TOKEN", "", "token with which other machines may read `/readyz`", is_secret=True)
RELAY_TOKEN = env_str(
    "RELAY_TOKEN",
    "",
    "secret with which `manage.py relay` posts to nginx; see [operations](operations.md#a-million-readers)",
    is_secret=True,
)
READERS_AT_MOST = env_int("READERS_AT_MOST", 10_000, "sockets per process; further readers poll; 0 for no limit")
SOCKETS_PER_ADDRESS = env_int(
    "SOCKETS_PER_ADDRESS",
    1000,
    "sockets per process from one address, or IPv6 /64; further readers poll; 0 for no limit",
)

# The desk
WARN_AFTER_HOURS = env_int("WARN_AFTER_HOURS", 6, "hours without an update before the desk warns")
SECOND_FACTOR_FOR = env_choices(
    "SECOND_FACTOR_FOR",
    (),
    ("superusers", "editors", "everybody"),
    "who needs a second factor to log in: `superusers`, `editors`, `everybody`. Set it to `superusers,editors` on a "
    "real site",
)
UNUSED_PICTURES_PER_PERSON = env_int(
    "UNUSED_PICTURES_PER_PERSON",
    300,
    "uploaded photos that nothing uses; further uploads are refused; 0 for no limit",
)
UNUSED_PICTURE_DAYS = env_int(
    "UNUSED_PICTURE_DAYS", 7, "days after which an uploaded photo that nothing uses is deleted"
)
DEMO_EVERY = env_float("DEMO_EVERY", 20.0, "between two steps of the demo's story")

# Alerts (Web Push): off without a key
VAPID_PRIVATE_KEY = env_str(
    "VAPID_PRIVATE_KEY",
    "",
    "key of alerts (Web Push), from `manage.py vapid_keys`; without it there are none",
    is_secret=True,
)
VAPID_SUBJECT = env_str(
    "VAPID_SUBJECT",
    SITE_URL,
    "where push services can reach you, such as `mailto:newsroom@live.example`",
    default_text="`SITE_URL`",
)
PUSH_SERVICES = env_list(
    "PUSH_SERVICES",
    "googleapis.com,push.services.mozilla.com,push.apple.com,notify.windows.com",
    "domains that alerts are sent to; `*` allows every public host",
    default_text="those of Google, Mozilla, Apple and Microsoft",
)
PUSH_INTERNAL_HOSTS = env_list(
    "PUSH_INTERNAL_HOSTS", "", "`host:port` of push services that are not on the public internet, for tests"
)
if VAPID_PRIVATE_KEY and not VAPID_SUBJECT.startswith(("mailto:", "https:")):
    raise ImproperlyConfigured(
        "VAPID_PRIVATE_KEY needs VAPID_SUBJECT, an address at which push services can reach you, such as "
        "mailto:newsroom@live.example."
    )

WEBHOOK_INTERNAL_HOSTS = env_list(
    "WEBHOOK_INTERNAL_HOSTS",
    "",
    "`host:port` or `host:port/path` of receivers of [webhooks](webhooks.md) that are not on the public internet; "
    "they may use http",
)

FETCH_LINK_TITLES = env_bool(
    "FETCH_LINK_TITLES", False, "fetch title and picture of a link that is pasted at the desk, from its public server"
)
LINK_INTERNAL_HOSTS = env_list(
    "LINK_INTERNAL_HOSTS",
    "",
    "`host:port` of pages for `FETCH_LINK_TITLES` that are not on the public internet; they may use http",
)

# Shared caches: what is called when something published has changed, see updates/cdn.py
PURGE_URL = env_address("PURGE_URL", "address that is called when a CDN must drop something")
PURGE_HEADERS = env_headers("PURGE_HEADERS", "headers of the purge call: `Name: value`, separated by semicolons")
PURGE_FIELD = env_str("PURGE_FIELD", "surrogate_keys", "JSON member of the purge call that lists the keys")

# Feeds and share cards
WEBSUB_HUB = env_address(
    "WEBSUB_HUB",
    "hub that is told when feeds have changed ([WebSub](search-and-feeds.md#websub)); needs `SITE_URL`",
)
SHARE_CARD_FONTS = env_list(
    "SHARE_CARD_FONTS",
    "",
    "font files for share cards, and folders with further ones; see [operations](operations.md#share-cards)",
    default_text="installed fonts",
)
if WEBSUB_HUB and not SITE_URL:
    raise ImproperlyConfigured("WEBSUB_HUB needs SITE_URL (such as https://live.example): the hub fetches feeds there.")
