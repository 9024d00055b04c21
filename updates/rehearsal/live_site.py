"""Readers only, against a running installation: a newsroom rehearses its own proxy, cache and certificates.

Somebody posts to the event meanwhile. There is no database to compare with here, so readers are held against each other
and against the page that a newcomer gets.
"""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from django.core.management import CommandError

from .checker import percentiles
from .crowd import Crowd
from .markup import Page, read_page
from .traces import Trace, Verdict
from .wire import WHATEVER_BREAKS, Places

SETTLES_WITHIN = 30.0


@dataclass(frozen=True)
class Address:
    """Of an event's page."""

    base: str
    slug: str

    @classmethod
    def of(cls, url: str) -> "Address":
        parts = urlsplit(url)
        slug = parts.path.strip("/").rpartition("/")[2]
        if parts.scheme not in {"http", "https"} or not parts.hostname or not slug:
            raise CommandError(
                f"--against {url}: the address of an event’s page is needed, as https://live.example/test/"
            )
        before = parts.path.strip("/").rpartition("/")[0]
        return cls(urlunsplit((parts.scheme, parts.netloc, f"/{before}" if before else "", "", "")), slug)

    @property
    def page(self) -> str:
        return f"{self.base}/{self.slug}/"

    @property
    def places(self) -> Places:
        return Places(self.base, self.base.replace("http", "ws", 1))


async def rehearse_against(url: str, readers: int, seconds: float) -> Verdict:
    """Raises ``CommandError`` where no reader could read; whatever else is wrong is told in the verdict."""
    address = Address.of(url)
    verdict = Verdict("against", readers=readers)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        page = await _look_at_page(session, address, verdict)
        await _look_at_catch_up(session, address, page, verdict)
        await _look_at_socket(session, address, page, verdict)
        crowd = Crowd(lambda _: address.places, address.slug, seed=1, poll_every=10.0)
        try:
            await crowd.join(readers)
            await asyncio.sleep(seconds)  # while the newsroom posts
            newcomer = await _fetch(session, address)
            await crowd.settle(newcomer.epoch, newcomer.seq, SETTLES_WITHIN)
            newcomer = await _fetch(session, address)
        finally:
            await crowd.leave()
    compare(verdict, crowd.traces(), newcomer)
    return verdict


async def _look_at_page(session: aiohttp.ClientSession, address: Address, verdict: Verdict) -> Page:
    try:
        async with session.get(address.page) as answer:
            if answer.status != 200:
                raise CommandError(
                    f"{address.page} answers {answer.status}: is it a public event, and is the server up?"
                )
            html, headers = await answer.text(), answer.headers
    except WHATEVER_BREAKS as error:
        raise CommandError(f"{address.page} cannot be reached: {error}") from None
    try:
        page = read_page(html)
    except KeyError:
        raise CommandError(f"{address.page} is no event’s page of this live blog.") from None
    if "Set-Cookie" in headers:
        verdict.problems.append("the page sets a cookie: a shared cache would keep it for everybody, or keep nothing")
    if "no-store" in headers.get("Cache-Control", ""):
        verdict.problems.append("the page says no-store: browsers cannot bring it back quickly")
    await _look_at_304(session, address.page, headers.get("ETag", ""), verdict)
    return page


async def _look_at_304(session: aiohttp.ClientSession, url: str, etag: str, verdict: Verdict) -> None:
    if not etag:
        verdict.problems.append(f"{url} comes without an ETag: the proxy has dropped it")
        return
    async with session.get(url, headers={"If-None-Match": etag}) as answer:
        verdict.notes["not modified"] = answer.status == 304  # an update may have come between the two


async def _look_at_catch_up(session: aiohttp.ClientSession, address: Address, page: Page, verdict: Verdict) -> None:
    url = f"{address.base}/{address.slug}/changes?after={page.seq}&epoch={page.epoch}"
    async with session.get(url) as answer:
        if answer.status != 200 or answer.content_type != "application/json":
            verdict.problems.append(
                f"catch-up answers {answer.status} {answer.content_type}: does the proxy pass it on?"
            )


async def _look_at_socket(session: aiohttp.ClientSession, address: Address, page: Page, verdict: Verdict) -> None:
    url = f"{address.places.socket}/ws/events/{address.slug}/?v=1&epoch={page.epoch}&since={page.seq}"
    try:
        async with session.ws_connect(url) as socket:
            message = await socket.receive(timeout=10)
            verdict.notes["first frame"] = message.json()["t"] if message.type == aiohttp.WSMsgType.TEXT else "none"
    except aiohttp.WSServerHandshakeError as error:
        verdict.problems.append(
            f"no WebSocket: answered with {error.status}; does the proxy pass Upgrade on? Readers poll"
        )
    except WHATEVER_BREAKS as error:
        verdict.problems.append(f"no WebSocket: {error!r}. Readers poll")


async def _fetch(session: aiohttp.ClientSession, address: Address) -> Page:
    """Past every shared cache."""
    async with session.get(address.page, params={"fresh": str(id(address))}) as answer:
        answer.raise_for_status()
        return read_page(await answer.text())


def compare(verdict: Verdict, traces: list[Trace], newcomer: Page) -> None:
    """Every reader has what a newcomer's page has; how far apart they learned of it is the staleness."""
    for trace in traces:
        wanted = [state for state in newcomer.states if (state.order or 0) > max(trace.floor, newcomer.floor)]
        by_id = {state.id: state for state in trace.shown()}
        right = [state.id in by_id and by_id[state.id].seq >= state.seq for state in wanted]
        verdict.delivered += sum(right)
        verdict.lost += len(right) - sum(right)
        verdict.doubled += len(trace.doubled)
        verdict.disordered += len(trace.disordered)
        verdict.problems += trace.doubled + trace.disordered
        order = [state.id for state in trace.shown()]
        if [key for key in order if key in {state.id for state in wanted}] != [state.id for state in wanted]:
            verdict.problems.append(f"{trace.name} shows other entries, or in another order, than a newcomer sees")
    verdict.staleness = percentiles(list(_apart(traces)))
    verdict.notes["numbers seen"] = max((trace.mine for trace in traces), default=0) - min(
        (trace.progress[0][1] for trace in traces), default=0
    )


def _apart(traces: list[Trace]) -> list[float]:
    """Seconds between the first reader that had a number and each of the others."""
    first: dict[int, float] = {}
    reached = [(seq, at) for trace in traces for at, seq in trace.progress[1:]]
    for seq, at in reached:
        first[seq] = min(at, first.get(seq, at))
    return [at - first[seq] for seq, at in reached]
