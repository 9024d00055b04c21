"""Checks through the public address: proxy, certificate, WebSocket, caches, and what must not be reachable."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from django.core.exceptions import PermissionDenied
from yarl import URL

from updates.publishing import Refused

from .certificate import examine_certificate
from .findings import Finding, error, fine, refused
from .proxy import examine_proxy

NETWORK_ERRORS: Final = (aiohttp.ClientError, OSError, TimeoutError)

TIMEOUT: Final = aiohttp.ClientTimeout(total=15)

GONE_WITHIN: Final = 6.0
"""Seconds: caches may keep a removed update for five."""

SHOWN_WITHIN: Final = 10.0
SENT_WITHIN: Final = 10.0
"""Seconds until an update is on the page, and on a socket."""

AGE: Final = re.compile(r'\b(?:s-maxage|max-age)\s*=\s*"?(\d+)', re.IGNORECASE)
ATTRIBUTES: Final = {name: re.compile(rf'\bdata-{name}="([^"]*)"') for name in ("socket", "epoch", "seq")}

Publish = Callable[[], str]
"""Publishes an update and returns its public id."""

Remove = Callable[[], None]


async def examine_outside(
    url: str, slug: str, publish: Publish, remove: Remove, private_names: list[str], *, asks_itself: bool = False
) -> list[Finding]:
    """Examine a site. ``publish`` and ``remove`` do that to one update of the live blog ``slug``."""
    base = url.rstrip("/")
    findings: list[Finding] = []
    try:
        certificate, context = await examine_certificate(base)
        findings.append(certificate)
        connector = aiohttp.TCPConnector(ssl=context)
        async with aiohttp.ClientSession(timeout=TIMEOUT, connector=connector) as session:
            page = await _page(session, f"{base}/{slug}/", findings)
            if page:
                findings.append(await examine_proxy(session, base))
                findings += [each async for each in _hidden(session, base, private_names, asks_itself=asks_itself)]
                async for each in _live(session, base, slug, page, publish, remove):
                    findings.append(each)  # one by one: those before a refusal are kept
    except (*NETWORK_ERRORS, ValueError) as failure:  # ValueError: the address is none
        findings.append(_broken(base, failure, is_up=len(findings) > 1))
    except (PermissionDenied, Refused) as reason:
        findings.append(refused(reason))
    return findings


async def _page(session: aiohttp.ClientSession, address: str, findings: list[Finding]) -> str:
    """Return the page of the live blog; empty if it is none."""
    async with session.get(address) as response:
        page = await response.text()
    if response.status != 200 or "data-socket" not in page:
        mend = "Let the proxy pass all addresses to manage.py serve, with the header Host."
        findings.append(error("address", f"{address} answers {response.status} and is no page of a live blog", mend))
        return ""
    findings += [fine("address", f"{address} answers"), cache_headers(response.headers.getall("Cache-Control", []))]
    return page


def _broken(base: str, failure: Exception, *, is_up: bool) -> Finding:
    reason = str(failure) or type(failure).__name__
    if isinstance(failure, aiohttp.TooManyRedirects):
        mend = "Name the proxy in TRUSTED_PROXIES, and let it set X-Forwarded-Proto."
        return error("address", f"{base} redirects to itself again and again", mend)
    if is_up:
        mend = "Read the logs of the proxy and the server, and run this again."
        return error("address", f"{base} broke off in the middle of the examination: {reason}", mend)
    return error("address", f"{base} cannot be reached: {reason}", "Start the proxy, or correct the address.")


def cache_headers(values: list[str]) -> Finding:
    """Judge all ``Cache-Control`` headers of a page: a proxy may have added one. Browsers obey ``max-age`` alone."""
    control = ", ".join(values)
    ages = [int(age) for age in AGE.findall(control)]
    if not ages or max(ages) > 3:
        mend = "Let the proxy pass Cache-Control on as it is: pages may be kept for 3 seconds."
        return error("cache headers", f"a page has Cache-Control “{control}”", mend)
    return fine("cache headers", f"a page may be kept for {max(ages)} s")


async def _hidden(
    session: aiohttp.ClientSession, base: str, private_names: list[str], *, asks_itself: bool
) -> AsyncIterator[Finding]:
    """Look for what only this machine, or nobody, may read. A process that is asked without a proxy shows its state."""
    status = await _status(session, f"{base}/readyz")
    if status == 404:
        yield fine("state", "/readyz is not shown to strangers")
    elif not asks_itself:
        mend = "Let the proxy set X-Forwarded-For, and name it in TRUSTED_PROXIES."
        yield error("state", f"/readyz answers strangers with {status}", mend)
    places = ["media/secret_key", "private/", "secret_key", "liveblog.sqlite3"]
    places += ["media/../secret_key", "media../secret_key"]
    places += [f"{folder}/{name}" for name in private_names for folder in ("media", "private")]
    reached = [place for place in places if await _status(session, _unchanged(base, place)) == 200]
    if reached:
        yield error("originals", f"anybody can read /{reached[0]}", "Let the proxy serve DATA_DIR/media/pictures only.")
    else:
        yield fine("originals", "no private file is reachable")


def _unchanged(base: str, place: str) -> URL:
    """Return the address of a place with its “..”, which aiohttp would resolve before it asks."""
    url = URL(base)
    return url.with_path(f"{url.raw_path.rstrip('/')}/{place}", encoded=True)


async def _status(session: aiohttp.ClientSession, address: str | URL) -> int:
    async with session.get(address, allow_redirects=False) as response:
        return response.status


async def _live(
    session: aiohttp.ClientSession, base: str, slug: str, page: str, publish: Publish, remove: Remove
) -> AsyncIterator[Finding]:
    """Publish and remove an update, with a socket open and the caches warm."""
    try:
        entry, seconds = await _publish_to_socket(session, base, page, publish)
    except (*NETWORK_ERRORS, ValueError) as failure:
        mend = "Let the proxy upgrade WebSockets (Upgrade, Connection), and pass Host and Origin on."
        yield error("websocket", f"no update arrives by it: {type(failure).__name__} {failure}".strip(), mend)
        entry = await asyncio.to_thread(publish)
    else:
        yield fine("websocket", f"an update arrives {seconds:.2f} s after its publication")
    yield await _removal(session, f"{base}/{slug}/", entry, remove)


async def _publish_to_socket(
    session: aiohttp.ClientSession, base: str, page: str, publish: Publish
) -> tuple[str, float]:
    """Return the public id of the update, and the seconds until it arrived."""
    socket, epoch, seq = (_attribute(name, page) for name in ATTRIBUTES)
    parts = urlsplit(base)
    address = f"{parts.scheme.replace('http', 'ws')}://{parts.netloc}{socket}?v=1&epoch={epoch}&since={seq}"
    async with session.ws_connect(address, origin=f"{parts.scheme}://{parts.netloc}") as connection:
        await _wait_for_frame(connection, "sync")
        start = time.monotonic()
        entry = await asyncio.to_thread(publish)
        await _wait_for_frame(connection, "ops")
        return entry, time.monotonic() - start


async def _wait_for_frame(connection: "aiohttp.ClientWebSocketResponse", kind: str) -> None:
    async with asyncio.timeout(SENT_WITHIN):
        while True:
            message = await connection.receive()
            if message.type is not aiohttp.WSMsgType.TEXT:
                raise ValueError(f"it was closed with {connection.close_code}")
            if json.loads(message.data)["t"] == kind:
                return


async def _removal(session: aiohttp.ClientSession, address: str, entry: str, remove: Remove) -> Finding:
    """Fill every cache with the update, remove it, and wait until the page is without it."""
    mend = "Let no cache keep a response longer than its Cache-Control says: docs/operations.md, “Caches” and “A CDN”."
    try:
        await _wait_for_entry(session, address, entry)
    except TimeoutError:
        return error("removal", f"a page still lacks an update {SHOWN_WITHIN:.0f} s after its publication", mend)
    permalink = f"{address}{entry}/"
    await _status(session, permalink)
    await asyncio.to_thread(remove)
    start = time.monotonic()
    while entry in await _text(session, address) or await _status(session, permalink) == 200:
        if time.monotonic() - start > GONE_WITHIN * 3:
            return error("removal", f"a removed update is still served after {GONE_WITHIN * 3:.0f} s", mend)
        await asyncio.sleep(0.2)
    seconds = time.monotonic() - start
    if seconds > GONE_WITHIN:
        return error("removal", f"a removed update was served for {seconds:.1f} s", mend)
    return fine("removal", f"a removed update was gone after {seconds:.1f} s")


async def _wait_for_entry(session: aiohttp.ClientSession, address: str, entry: str) -> None:
    """Wait until the page has the update; caches may be some seconds behind."""
    async with asyncio.timeout(SHOWN_WITHIN):
        while True:
            if f'data-id="{entry}"' in await _text(session, address):
                return
            await asyncio.sleep(0.2)


async def _text(session: aiohttp.ClientSession, address: str) -> str:
    async with session.get(address) as response:
        return await response.text()


def _attribute(name: str, page: str) -> str:
    match = ATTRIBUTES[name].search(page)
    if not match:
        raise ValueError(f"the page has no data-{name}")
    return match[1]
