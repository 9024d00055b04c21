"""Fetches what desks wait for, in every server process, beside everything else. Publishing never waits for it."""

import asyncio
import logging
from io import BytesIO
from typing import Final

from aiohttp import ClientError, ClientSession
from channels.db import database_sync_to_async
from django.core.exceptions import ValidationError

from updates.content.image_process import Busy
from updates.content.page_head import PageHead, read_head
from updates.due_work import DueWork
from updates.models import LinkLookup
from updates.publishing import link_lookups
from updates.publishing.pictures import add_picture
from updates.publishing.unused_pictures import check_room_for_picture

from .fetch import NotFetched, fetch, new_session

logger = logging.getLogger(__name__)

AT_ONCE: Final = 8
DEADLINE: Final = 12.0
"""Seconds for page and picture; less than the lease of a lookup."""

HEAD_BYTES: Final = 256 * 1024
PICTURE_BYTES: Final = 5 * 2**20

PAGES: Final = ("text/html", "application/xhtml+xml")
PICTURES: Final = ("image/jpeg", "image/png", "image/webp")


class LinkFetcher(DueWork):
    rows = "Links to look up"

    def new_session(self) -> ClientSession:
        return new_session()

    async def start_due(self, session: ClientSession) -> int:
        due = await database_sync_to_async(link_lookups.due_lookups, thread_sensitive=False)()
        new = [pk for pk in due if pk not in self._running][: AT_ONCE - len(self._running)]
        for pk in new:
            self.start(pk, _look_up(session, pk))
        return len(new)


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
