"""One call of a receiver, a stranger's server: it may hang, answer without end, or lead into our own network."""

from dataclasses import dataclass
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from django.conf import settings

from updates.public_addresses import check_public_url
from updates.public_resolver import PublicResolver

from .message import Message

DEADLINE: Final = 10.0
"""Seconds of one call."""

LONGEST_ANSWER: Final = 300
"""Bytes that are read and stored. The rest is not waited for."""

LONGEST_WAIT: Final = 120.0
"""Most seconds of ``Retry-After`` that are obeyed."""


@dataclass(frozen=True)
class Answer:
    status: int
    """0 without any."""
    text: str
    """Its beginning, or why there was none."""
    wait: float = 0.0
    """Seconds that the receiver asks for."""


def new_session() -> ClientSession:
    """Return a session that remembers nothing: every call resolves and checks the name anew and has its connection."""
    resolver = PublicResolver(settings.WEBHOOK_INTERNAL_HOSTS)
    connector = TCPConnector(limit=0, force_close=True, use_dns_cache=False, resolver=resolver)
    timeout = ClientTimeout(total=DEADLINE)
    return ClientSession(
        connector=connector, timeout=timeout, cookie_jar=DummyCookieJar(), trust_env=False, auto_decompress=False
    )


async def call(session: ClientSession, message: Message) -> Answer:
    """Post a message. Redirects are answers like any other: following one would need the same checks at each step."""
    try:
        check_public_url(message.url, settings.WEBHOOK_INTERNAL_HOSTS)  # the setting may have changed
        sending = session.post(message.url, data=message.body, headers=message.headers, allow_redirects=False)
        async with sending as response:
            beginning = await response.content.read(LONGEST_ANSWER)
            text = beginning.decode("utf-8", "replace").replace("\0", "")
            return Answer(response.status, text, _seconds(response.headers.get("Retry-After", "")))
    except TimeoutError:
        return Answer(0, f"No answer within {DEADLINE:g} s")
    except (ClientError, OSError, ValueError) as error:
        return Answer(0, f"{type(error).__name__}: {error}"[:LONGEST_ANSWER])


def _seconds(retry_after: str) -> float:
    """Read ``Retry-After`` in seconds; dates are not obeyed."""
    is_number = retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 9
    return min(float(retry_after), LONGEST_WAIT) if is_number else 0.0
