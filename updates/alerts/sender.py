"""Sends alerts from the table, in every server process, beside everything else.

Each process takes some subscriptions at a time, so several share the work. Endpoints are strangers' servers: each call
has a deadline, few run at a time, and their answers are not read. What a service refuses with 429 or 503 is tried again
when it asks for that; after any other failure a subscriber is left out, since a second try could notify them twice.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError

from updates.due_work import DueWork
from updates.models import Entry, PushSubscription
from updates.public_resolver import PublicResolver
from updates.publishing.alerts import LIFETIME, is_wanted, open_alerts, store_results, take

from .devices import check_endpoint
from .keys import alerts_are_on, authorization
from .message import encrypted, payload_of, topic_of

logger = logging.getLogger(__name__)

TAKEN_AT_ONCE: Final = 50
CALLS_AT_ONCE: Final = 150
CALLS_PER_HOST: Final = 100
"""Connections; most subscribers use the same two or three services."""

DEADLINE: Final = 4.0
"""Seconds of one call. Push services answer within one."""

TRIES: Final = 3
LONGEST_WAIT: Final = 300.0
DEFAULT_WAIT: Final = 5.0
"""Seconds until a call is tried again: as the service says, but no longer than ``LONGEST_WAIT``."""

WAITING_AT_MOST: Final = 2_000
"""Calls that wait to be tried again. Each takes some kilobytes; with more, a refusal by a busy service is final."""

GONE: Final = {404, 410}
BUSY: Final = {429, 503}


@dataclass
class Results:
    sent: int = 0
    failed: int = 0
    gone: list[int] = field(default_factory=list)


class AlertSender(DueWork):
    rows = "Alerts"

    def __init__(self) -> None:
        super().__init__()
        self._room = asyncio.Semaphore(CALLS_AT_ONCE)
        self._waiting = 0

    async def run(self) -> None:
        if alerts_are_on():
            await super().run()

    def new_session(self) -> ClientSession:
        return _session()

    async def start_due(self, session: ClientSession) -> int:
        alerts = await database_sync_to_async(open_alerts, thread_sensitive=False)()
        new = [pk for pk in alerts if pk not in self._running]
        for pk in new:
            self.start(pk, self._send(pk, session))
        return len(new)

    async def _send(self, alert_id: int, session: ClientSession) -> None:
        results, calls = Results(), set[asyncio.Task[None]]()
        try:
            while taken := await database_sync_to_async(take, thread_sensitive=False)(alert_id, TAKEN_AT_ONCE):
                entry, subscriptions = taken
                bodies = await asyncio.to_thread(_encrypted, entry, subscriptions)
                for subscription, body in zip(subscriptions, bodies, strict=True):
                    await self._room.acquire()
                    call = asyncio.create_task(self._call(_Call(session, entry, subscription, body), results))
                    calls.add(call)
                    call.add_done_callback(calls.discard)
        except Exception:
            logger.exception("Alert %s could not be sent to everybody", alert_id)
        if calls:
            await asyncio.wait(calls)
        counts = {"sent": results.sent, "failed": results.failed, "gone": results.gone}
        await database_sync_to_async(store_results, thread_sensitive=False)(alert_id, **counts)
        logger.info("Alert %s: %d sent, %d failed, %d gone", alert_id, results.sent, results.failed, len(results.gone))

    async def _call(self, call: "_Call", results: Results) -> None:
        """Call an endpoint in the room that was taken for it; give the room up while it waits to try again."""
        status = 0
        for number in range(1, TRIES + 1):
            if number > 1:
                await self._room.acquire()
            try:
                status, wait = await call.post()
            finally:
                self._room.release()
            if status not in BUSY or number == TRIES or not await self._may_try_again(call.entry, wait):
                break
        if status in GONE:
            results.gone.append(call.subscription.pk)
        elif 200 <= status < 300:
            results.sent += 1
        else:
            results.failed += 1

    async def _may_try_again(self, entry: Entry, wait: float) -> bool:
        """Wait as long as a busy service asks; return whether to call it again then."""
        if wait > LONGEST_WAIT or self._waiting >= WAITING_AT_MOST:
            return False
        self._waiting += 1
        try:
            await asyncio.sleep(wait)
            return bool(await database_sync_to_async(is_wanted, thread_sensitive=False)(entry.pk))
        except DatabaseError:
            return False
        finally:
            self._waiting -= 1


@dataclass(frozen=True)
class _Call:
    session: ClientSession
    entry: Entry
    subscription: PushSubscription
    body: bytes

    async def post(self) -> tuple[int, float]:
        """Return the status, 0 without any, and the seconds until another try."""
        endpoint = self.subscription.endpoint
        try:
            check_endpoint(endpoint)  # the setting may have changed
            sending = self.session.post(endpoint, data=self.body, headers=self._headers(), allow_redirects=False)
            async with sending as answer:
                return answer.status, _seconds(answer.headers.get("Retry-After", ""))
        except (ClientError, OSError, ValueError, TimeoutError) as error:
            logger.debug("A push service could not be called: %r", error)
            return 0, 0.0

    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": authorization(self.subscription.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(LIFETIME.total_seconds())),
            "Topic": topic_of(self.entry),
            "Urgency": "high",
        }


def _session() -> ClientSession:
    connector = TCPConnector(
        limit=CALLS_AT_ONCE, limit_per_host=CALLS_PER_HOST, resolver=PublicResolver(settings.PUSH_INTERNAL_HOSTS)
    )
    return ClientSession(
        connector=connector, timeout=ClientTimeout(total=DEADLINE), cookie_jar=DummyCookieJar(), trust_env=False
    )


def _encrypted(entry: Entry, subscriptions: list[PushSubscription]) -> list[bytes]:
    payload = payload_of(entry)
    return [encrypted(payload, subscription) for subscription in subscriptions]


def _seconds(retry_after: str) -> float:
    """Read ``Retry-After`` in seconds; a date or nonsense stands for ``DEFAULT_WAIT``."""
    return float(retry_after) if retry_after.isdigit() and len(retry_after) < 9 else DEFAULT_WAIT
