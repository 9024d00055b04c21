"""The proxy before the site: whether the server knows it, and with it the addresses of readers."""

import json
from typing import Final, TypedDict

import aiohttp
from django.conf import settings

from updates.live.arrival import HEADER, token

from .findings import Finding, error, fine, warning

SENDER: Final = "x-forwarded-for"
SCHEME: Final = "x-forwarded-proto"
STANDARD: Final = "forwarded"

NO_ADDRESS: Final = "so all readers share the limits of one address"


class Arrival(TypedDict):
    """How a request arrived, by ``updates/live/arrival.py``."""

    peer: str
    is_trusted: bool
    forwarding: list[str]
    """Headers of proxies that it had."""
    chain: list[str]
    """``X-Forwarded-For``; the doctor itself sent none."""
    sender: str
    """Where it comes from, as the server sees it."""
    is_secure: bool


async def examine_proxy(session: aiohttp.ClientSession, base: str) -> Finding:
    async with session.get(f"{base}/readyz", headers={HEADER: token()}, allow_redirects=False) as response:
        text = await response.text()
    try:
        arrival: Arrival = json.loads(text)
        return judged(arrival, is_https=base.startswith("https:"))
    except (ValueError, KeyError, TypeError):
        mend = "Let the proxy pass /readyz on with all headers, and run this with the SECRET_KEY of the server."
        return warning("proxy", "the server did not answer how requests reach it", mend)


def judged(arrival: Arrival, *, is_https: bool) -> Finding:
    """Judge how a request arrived. Without TLS and without any header of a proxy there is none: the server speaks no
    TLS itself."""
    peer, chain, sender = arrival["peer"], arrival["chain"], arrival["sender"]
    if not arrival["is_trusted"]:
        return _unnamed(peer, set(arrival["forwarding"]), is_https=is_https)
    if not chain:
        mend = "Let the proxy set X-Forwarded-For to the address of its client."
        return error("proxy", f"{peer} is trusted and sends no X-Forwarded-For, {NO_ADDRESS}", mend)
    if chain[0] != sender:
        message = f"{sender} passes requests on to {peer} and is not in TRUSTED_PROXIES, {NO_ADDRESS}"
        return error("proxy", message, naming(sender))
    if is_https and not arrival["is_secure"]:
        mend = "Let the proxy set X-Forwarded-Proto to https. deploy/nginx.conf does."
        return error("proxy", f"{peer} does not send X-Forwarded-Proto: https", mend)
    return fine("proxy", f"{peer} is trusted, and passes on the address of each reader")


def _unnamed(peer: str, headers: set[str], *, is_https: bool) -> Finding:
    if not peer:
        mend = "Let the proxy reach the server by TCP: a Unix socket has no address that could be trusted."
        return error("proxy", f"requests come by a Unix socket, {NO_ADDRESS}", mend)
    if used := ", ".join(name.title() for name in (SENDER, SCHEME, STANDARD) if name in headers):
        return error("proxy", f"{peer} sends {used} and is not in TRUSTED_PROXIES, {NO_ADDRESS}", naming(peer))
    if is_https or headers:
        mend = f"Let the proxy set X-Forwarded-For and X-Forwarded-Proto. {naming(peer)}"
        return error("proxy", f"{peer} sends no X-Forwarded-For, {NO_ADDRESS}", mend)
    return fine("proxy", "there is none: readers reach the server itself")


def naming(peer: str) -> str:
    """Say how to name a proxy, beside those that are named."""
    named = ",".join([*map(str, settings.TRUSTED_PROXIES), peer])
    return f"If it is your proxy, set TRUSTED_PROXIES={named} and restart the server. If not, shut it out."
