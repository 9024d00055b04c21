"""Delivers what webhooks wait for, in every server process, beside everything else.

The changes of an event go to a webhook one after the other; different events and webhooks do not wait for each other.
A webhook has few calls at a time, so that one whose receiver hangs costs little.
"""

import logging
from collections import Counter
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Final, ParamSpec, TypeVar

from aiohttp import ClientSession
from channels.db import database_sync_to_async

from updates.due_work import DueWork
from updates.metrics import CALLS_WAITING
from updates.publishing import webhooks
from updates.publishing.webhooks import Job

from .calls import Answer, call, new_session
from .message import message_of

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)

CALLS_PER_WEBHOOK: Final = 4
CALLS_AT_ONCE: Final = 200


class WebhookSender(DueWork):
    rows = "Webhooks"

    def __init__(self) -> None:
        super().__init__()
        self._of_webhook: Counter[int] = Counter()

    def new_session(self) -> ClientSession:
        return new_session()

    async def start_due(self, session: ClientSession) -> int:
        wanted = await _in_thread(webhooks.wanted_deliveries)
        due = await _in_thread(webhooks.due_cursors)
        CALLS_WAITING.labels("webhook").set(len(wanted) + len(due))
        started = [self._start(("delivery", pk), webhook, partial(_send_wanted, session, pk)) for pk, webhook in wanted]
        started += [self._start(("cursor", pk), webhook, partial(_follow, session, pk)) for pk, webhook in due]
        return sum(started)

    def _start(self, key: tuple[str, int], webhook: int, work: Callable[[], Coroutine[object, object, None]]) -> bool:
        has_room = self._of_webhook[webhook] < CALLS_PER_WEBHOOK and len(self._running) < CALLS_AT_ONCE
        if key in self._running or not has_room:
            return False
        self._of_webhook[webhook] += 1
        self.start(key, work()).add_done_callback(lambda _done: self._of_webhook.subtract([webhook]))
        return True


async def _follow(session: ClientSession, cursor: int) -> None:
    """Deliver one change after the other, until one is not accepted."""
    while job := await _in_thread(webhooks.take_next, cursor):
        if not await _deliver(session, job):
            return


async def _send_wanted(session: ClientSession, delivery: int) -> None:
    if job := await _in_thread(webhooks.take_wanted, delivery):
        await _deliver(session, job)


async def _deliver(session: ClientSession, job: Job) -> bool:
    message = await _in_thread(message_of, job)
    answer: Answer = await call(session, message)
    accepted = await _in_thread(webhooks.store_result, job, status=answer.status, answer=answer.text, wait=answer.wait)
    if not accepted:
        # Not the text of an answer: it may have line ends, and words that are erased later
        reason = answer.status or answer.text
        logger.warning("Webhook %s was not accepted: %r", job.delivery.webhook_id, reason)
    return accepted


async def _in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    result: R = await database_sync_to_async(function, thread_sensitive=False)(*args, **kwargs)
    return result
