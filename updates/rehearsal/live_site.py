"""Readers of a running site, to test its proxy, cache and certificates.

The newsroom posts to the event in the meantime. Without access to the database, readers are compared with each other
and with a newly loaded page.
"""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from django.core.management import CommandError

from .crowd import Crowd
from .page_parser import Page, read_page
from .protocol import NETWORK_ERRORS, Addresses
from .records import ReaderRecord, Verdict
from .staleness import percentiles

SETTLES_WITHIN = 30.0


@dataclass(frozen=True)
class Address:
    """Address of an event's page."""

    base: str
    slug: str

    @classmethod
    def of(cls, url: str) -> "Address":
        parts = urlsplit(url)
        slug = parts.path.strip("/").rpartition("/")[2]
        if parts.scheme not in {"http", "https"} or not parts.hostname or not slug:
            raise CommandError(
                f"--against {url}: use the address of an event’s page, such as https://live.example/test/"
            )
        before = parts.path.strip("/").rpartition("/")[0]
        return cls(urlunsplit((parts.scheme, parts.netloc, f"/{before}" if before else "", "", "")), slug)

    @property
    def page(self) -> str:
        return f"{self.base}/{self.slug}/"

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.base, self.base.replace("http", "ws", 1))


async def rehearse_live_site(url: str, readers: int, seconds: float) -> Verdict:
    """Return the verdict on a running site. Raises ``CommandError`` if its page cannot be read at all."""
    address = Address.of(url)
    verdict = Verdict("live-site", readers=readers)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        page = await _check_page(session, address, verdict)
        await _check_catch_up(session, address, page, verdict)
        await _check_socket(session, address, page, verdict)
        crowd = Crowd(lambda _: address.addresses, address.slug, seed=1, poll_every=10.0)
        try:
            await crowd.join(readers)
            await asyncio.sleep(seconds)  # while the newsroom posts
            fresh_page = await _fetch(session, address)
            await crowd.settle(fresh_page.epoch, fresh_page.seq, SETTLES_WITHIN)
            fresh_page = await _fetch(session, address)
        finally:
            await crowd.leave()
    compare(verdict, crowd.records(), fresh_page)
    return verdict


async def _check_page(session: aiohttp.ClientSession, address: Address, verdict: Verdict) -> Page:
    try:
        async with session.get(address.page) as response:
            if response.status != 200:
                raise CommandError(
                    f"{address.page} answers {response.status}: check that the event is public and the server runs."
                )
            html, headers = await response.text(), response.headers
    except NETWORK_ERRORS as error:
        raise CommandError(f"{address.page} cannot be reached: {error}") from None
    try:
        page = read_page(html)
    except KeyError:
        raise CommandError(f"{address.page} is not the page of an event.") from None
    if "Set-Cookie" in headers:
        verdict.problems.append(
            "the page sets a cookie: a shared cache would serve it to everybody, or not cache the page"
        )
    if "no-store" in headers.get("Cache-Control", ""):
        verdict.problems.append("the page sends no-store: browsers cannot restore it quickly")
    await _check_304(session, address.page, headers.get("ETag", ""), verdict)
    return page


async def _check_304(session: aiohttp.ClientSession, url: str, etag: str, verdict: Verdict) -> None:
    if not etag:
        verdict.problems.append(f"{url} has no ETag: the proxy has removed it")
        return
    async with session.get(url, headers={"If-None-Match": etag}) as response:
        verdict.notes["not modified"] = response.status == 304  # false if an update was published in between


async def _check_catch_up(session: aiohttp.ClientSession, address: Address, page: Page, verdict: Verdict) -> None:
    url = f"{address.base}/{address.slug}/changes?after={page.seq}&epoch={page.epoch}"
    async with session.get(url) as response:
        if response.status != 200 or response.content_type != "application/json":
            verdict.problems.append(
                f"catch-up answers {response.status} {response.content_type}: check that the proxy passes it on."
            )


async def _check_socket(session: aiohttp.ClientSession, address: Address, page: Page, verdict: Verdict) -> None:
    url = f"{address.addresses.socket}/ws/events/{address.slug}/?v=1&epoch={page.epoch}&since={page.seq}"
    try:
        async with session.ws_connect(url) as socket:
            message = await socket.receive(timeout=10)
            verdict.notes["first frame"] = message.json()["t"] if message.type == aiohttp.WSMsgType.TEXT else "none"
    except aiohttp.WSServerHandshakeError as error:
        verdict.problems.append(
            f"no WebSocket: the answer was {error.status}. Check that the proxy passes Upgrade on. Readers poll"
        )
    except NETWORK_ERRORS as error:
        verdict.problems.append(f"no WebSocket: {error!r}. Readers poll")


async def _fetch(session: aiohttp.ClientSession, address: Address) -> Page:
    """Load the page with a parameter that no shared cache has seen."""
    async with session.get(address.page, params={"fresh": str(id(address))}) as response:
        response.raise_for_status()
        return read_page(await response.text())


def compare(verdict: Verdict, records: list[ReaderRecord], fresh_page: Page) -> None:
    """Compare every reader with a newly loaded page. The staleness is how far apart readers got the same change."""
    for record in records:
        expected = [state for state in fresh_page.states if (state.order or 0) > max(record.floor, fresh_page.floor)]
        by_id = {state.id: state for state in record.visible()}
        correct = [state.id in by_id and by_id[state.id].seq >= state.seq for state in expected]
        verdict.delivered += sum(correct)
        verdict.lost += len(correct) - sum(correct)
        verdict.doubled += len(record.doubled)
        verdict.disordered += len(record.disordered)
        verdict.problems += record.doubled + record.disordered
        order = [state.id for state in record.visible()]
        if [key for key in order if key in {state.id for state in expected}] != [state.id for state in expected]:
            verdict.problems.append(f"{record.name} shows other entries than a newly loaded page, or another order")
    verdict.staleness = percentiles(list(_delays(records)))
    verdict.notes["numbers seen"] = max((record.position for record in records), default=0) - min(
        (record.progress[0][1] for record in records), default=0
    )


def _delays(records: list[ReaderRecord]) -> list[float]:
    """Return the seconds between the first reader that had a seq and each of the others."""
    first: dict[int, float] = {}
    reached = [(seq, at) for record in records for at, seq in record.progress[1:]]
    for seq, at in reached:
        first[seq] = min(at, first.get(seq, at))
    return [at - first[seq] for seq, at in reached]
