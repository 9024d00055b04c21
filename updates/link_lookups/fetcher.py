"""Fetches what desks wait for, in every server process, beside everything else. Publishing never waits for it."""

import asyncio
import logging
from functools import partial
from io import BytesIO
from typing import Final

from aiohttp import ClientError, ClientSession
from channels.db import database_sync_to_async
from django.core.exceptions import ValidationError
from django.db import DatabaseError

from updates.content.image_process import Busy
from updates.content.page_head import PageHead, read_head
from updates.models import LinkLookup
from updates.publishing import link_lookups
from updates.publishing.pictures import add_picture
from updates.publishing.unused_pictures import check_room_for_picture

from .fetch import NotFetched, fetch, new_session

logger = logging.getLogger(__name__)

READ_EVERY: Final = 1.0
"""Seconds between two reads of the table."""

AT_ONCE: Final = 8
DEADLINE: Final = 12.0
"""Seconds for page and picture; less than the lease of a lookup."""

HEAD_BYTES: Final = 256 * 1024
PICTURE_BYTES: Final = 5 * 2**20

PAGES: Final = ("text/html", "application/xhtml+xml")
PICTURES: Final = ("image/jpeg", "image/png", "image/webp")


class LinkFetcher:
    """A task of the server: ``await LinkFetcher().run()``, and cancel it at the end."""

    def __init__(self) -> None:
        self._running: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        async with new_session() as session:
            try:
                while True:
                    await self._start_due(session)
                    await asyncio.sleep(READ_EVERY)
            finally:
                for task in self._running.values():
                    task.cancel()
                await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def fetch_due(self) -> None:
        """Fetch what is due now, to the end."""
        async with new_session() as session:
            while await self._start_due(session):
                await asyncio.gather(*self._running.values())

    async def _start_due(self, session: ClientSession) -> int:
        try:
            due = await database_sync_to_async(link_lookups.due_lookups, thread_sensitive=False)()
        except DatabaseError as error:
            logger.warning("Link lookups could not be read (%s); trying again in %g s", error, READ_EVERY)
            return 0
        new = [pk for pk in due if pk not in self._running][: AT_ONCE - len(self._running)]
        for pk in new:
            task = asyncio.create_task(_look_up(session, pk))
            self._running[pk] = task
            task.add_done_callback(partial(self._ended, pk))
        return len(new)

    def _ended(self, pk: int, task: "asyncio.Task[None]") -> None:
        del self._running[pk]
        if not task.cancelled() and (error := task.exception()):
            logger.error("A link lookup failed", exc_info=error)


async def _look_up(session: ClientSession, pk: int) -> None:
    lookup = await database_sync_to_async(link_lookups.take_lookup, thread_sensitive=False)(pk)
    if lookup is None:
        return
    head, data = PageHead(), b""
    try:
        async with asyncio.timeout(DEADLINE):
            page = await fetch(session, lookup.url, PAGES, HEAD_BYTES, whole=False)
            head = await asyncio.to_thread(read_head, page.body, page.url, page.charset)
            if head.picture:
                data = (await fetch(session, head.picture, PICTURES, PICTURE_BYTES, whole=True)).body
    except (TimeoutError, ClientError, OSError, ValueError, NotFetched) as error:
        logger.info("A link was fetched in part or not at all: %s", type(error).__name__)
    await database_sync_to_async(_store, thread_sensitive=False)(lookup, head.title, data)


def _store(lookup: LinkLookup, title: str, data: bytes) -> None:
    picture = ""
    if data:
        try:
            check_room_for_picture(lookup.user)
            picture = add_picture(BytesIO(data), lookup.user).public_id
        except (ValidationError, Busy) as error:
            logger.info("The picture of a link was not stored: %s", type(error).__name__)
    link_lookups.finish_lookup(lookup, title, picture)
