"""An editor at the real desk: logs in and sends its form as a browser does.

The other editors perform operations by ``editor_api``, which would not notice a desk that fails.
"""

import asyncio
import re
from collections import Counter

import aiohttp

from .records import JSONObject

BUSY = 503
"""The status with which the desk asks to send the form again."""

BLOCKS = ("text", "photo", "quote", "embed")


class DeskFailed(Exception):
    """The desk neither took the form nor asked to send it again."""


class Desk:
    def __init__(self, username: str, password: str) -> None:
        self.failures: Counter[str] = Counter()
        """What went wrong, and how often."""
        self._account = {"username": username, "password": password}
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=30)
        )
        self._token = ""
        self._logging_in = asyncio.Lock()

    async def leave(self) -> None:
        await self._session.close()

    async def publish(self, base: str, event: int, headline: str, html: str, key: str) -> JSONObject:
        """Send the form of a new update; return the entry.

        Raises ``DeskFailed``, or a network error, after which the caller sends it again.
        """
        try:
            async with self._logging_in:
                if not self._token:
                    await self._log_in(base)
            return await self._send(f"{base}/admin/updates/event/{event}/desk/", headline, html, key)
        except DeskFailed as error:
            self.failures[str(error)] += 1
            self._token = ""
            raise

    async def _log_in(self, base: str) -> None:
        address = f"{base}/admin/login/"
        token = await self._open(address)
        form = self._account | {"csrfmiddlewaretoken": token, "next": "/admin/"}
        headers = {"Origin": base, "Referer": address}
        async with self._session.post(address, data=form, headers=headers, allow_redirects=False) as response:
            _check(response, "the log-in", 302)
        self._token = await self._open(f"{base}/admin/updates/entry/add/")

    async def _open(self, address: str) -> str:
        """Open a page and return the token of its form."""
        async with self._session.get(address) as response:
            _check(response, "a page of the desk", 200)
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', await response.text())
        if token is None:
            raise DeskFailed("a page of the desk has no form")
        return token[1]

    async def _send(self, address: str, headline: str, html: str, key: str) -> JSONObject:
        form = _form(headline, html) | {"key": key, "csrfmiddlewaretoken": self._token, "_publish": ""}
        headers = {"Accept": "application/json", "Origin": address.partition("/admin/")[0], "Referer": address}
        async with self._session.post(address, data=form, headers=headers) as response:
            _check(response, "the desk", 200)
            answer: JSONObject = await response.json()
        if answer.get("state") != "sent":
            raise DeskFailed(f"the desk refused an update: {answer.get('reason') or answer.get('state')}")
        entry: JSONObject = answer["entry"]
        return entry


def _form(headline: str, html: str) -> dict[str, str]:
    counts = {f"{block}-{name}_FORMS": "0" for block in BLOCKS for name in ("TOTAL", "INITIAL")}
    text = {"text-0-html": html, "text-0-region": "main", "text-0-ordering": "10"}
    return {"headline": headline} | counts | {"text-TOTAL_FORMS": "1"} | text


def _check(response: aiohttp.ClientResponse, place: str, expected: int) -> None:
    if response.status == BUSY:
        response.raise_for_status()  # a network error, after which it is sent again
    if response.status != expected:
        raise DeskFailed(f"{place} answered {response.status}")
