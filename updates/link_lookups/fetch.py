"""One fetch of a stranger's page or picture: it may hang, never end, be anything, or lead into our own network."""

from dataclasses import dataclass
from typing import Final

from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from django.conf import settings
from yarl import URL

from updates.public_addresses import check_public_url
from updates.public_resolver import PublicResolver

REDIRECTS: Final = 3
LONGEST_ADDRESS: Final = 1000
CALL_DEADLINE: Final = 8.0
"""Seconds of one call; a lookup has a deadline of its own."""

_HEADERS: Final = {"User-Agent": "Mozilla/5.0 (compatible; liveblog link titles)", "Accept-Encoding": "identity"}


class NotFetched(Exception):
    """The answer is none that can be used."""


@dataclass(frozen=True)
class Fetched:
    url: str
    """Where it was in the end."""
    charset: str
    body: bytes


def new_session() -> ClientSession:
    """Return a session that remembers nothing: every call resolves and checks the name anew and has its connection."""
    resolver = PublicResolver(settings.LINK_INTERNAL_HOSTS)
    connector = TCPConnector(limit=0, force_close=True, use_dns_cache=False, resolver=resolver)
    return ClientSession(
        connector=connector,
        timeout=ClientTimeout(total=CALL_DEADLINE),
        cookie_jar=DummyCookieJar(),
        headers=_HEADERS,
        trust_env=False,
        auto_decompress=False,  # what is small on the line may be endless
    )


async def fetch(session: ClientSession, url: str, types: tuple[str, ...], most: int, *, whole: bool) -> Fetched:
    """Fetch a body of one of the media types. Cut it after ``most`` bytes, or refuse a longer one if ``whole``.

    Each redirect is checked like the first address, by name and by the address behind it.
    """
    for _step in range(REDIRECTS + 1):
        check_public_url(url, settings.LINK_INTERNAL_HOSTS, longest=LONGEST_ADDRESS)
        async with session.get(url, allow_redirects=False) as response:
            if response.status in {301, 302, 303, 307, 308}:
                url = str(URL(url).join(URL(response.headers.get("Location", ""))).with_fragment(None))
                continue
            if response.status != 200 or response.headers.get("Content-Encoding", "identity") != "identity":
                raise NotFetched(f"status {response.status}")
            if response.content_type not in types:
                raise NotFetched("another media type")
            return Fetched(url, response.charset or "", await _read(response, most, whole=whole))
    raise NotFetched("too many redirects")


async def _read(response: ClientResponse, most: int, *, whole: bool) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most and whole:
            raise NotFetched("too large")
        if len(body) >= most:
            break
    return bytes(body[:most])
