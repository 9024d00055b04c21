"""The whole installation as operators run it: every part is killed and started again while people read and post."""

import asyncio
import tempfile
from pathlib import Path

import pytest

from tests.deploy.stack import Desk, Stack, headlines, open_pages
from tests.servers import async_wait_until

pytestmark = [pytest.mark.services, pytest.mark.once]

READERS = 10
FIRST_PAGE = 20


async def everybody_has(readers, desk):
    try:
        await async_wait_until(lambda: all(shows_all(headlines(reader.record), desk.posted) for reader in readers))
    except TimeoutError:
        pages = [(headlines(reader.record), reader.record.position) for reader in readers]
        raise AssertionError(f"{desk.posted} was posted, readers have {pages}") from None


def shows_all(page, posted):
    """Whether a page has the newest updates, in order and without a gap; those loaded later have a first page only."""
    return len(page) >= min(len(posted), FIRST_PAGE) and page == posted[-len(page) :]


@pytest.fixture
def folder():
    """Return a folder that PostgreSQL may enter, which runs as another user."""
    with tempfile.TemporaryDirectory(prefix="liveblog-stack.") as name:
        yield Path(name)


async def test_each_part_is_killed_and_a_release_is_deployed_and_nothing_is_lost(folder):
    stack = Stack(folder)
    try:
        await stack.start()
        desk = Desk(stack)
        async with desk.session:
            slug = await desk.begin()
            async with open_pages(stack, slug, READERS) as readers:
                await desk.post()
                await everybody_has(readers, desk)
                for part in ("server 1", "Redis", "server 2", "PostgreSQL", "nginx"):
                    await kill_and_restart(stack, part, desk)
                    await everybody_has(readers, desk)
                await deploy(stack, desk)
                await everybody_has(readers, desk)
                assert [reader.record.doubled for reader in readers] == [[]] * READERS
                assert [reader.record.disordered for reader in readers] == [[]] * READERS
    finally:
        await stack.end()


async def kill_and_restart(stack, part, desk):
    """Kill a part without a warning, and post while it is away and after it is back.

    It stays away until the post is taken without it, or refused for the first time.
    """
    await stack.kill(part)
    refusals = len(desk.refusals)
    away = asyncio.create_task(desk.post())
    await async_wait_until(lambda: away.done() or len(desk.refusals) > refusals)
    await stack.restart(part)
    await away
    await desk.post()


async def deploy(stack, desk):
    """Restart the servers one by one with another release, and refuse nobody."""
    desk.refusals.clear()
    stack.site_name = "Harbour Post Live"
    await stack.manage("migrate", "--verbosity", "0")
    is_over = asyncio.Event()
    posting = asyncio.create_task(post_until(is_over, desk))
    for part in ("server 1", "server 2"):
        await stack.parts[part].end()
        await stack.restart(part)
    is_over.set()
    await posting
    async with desk.session.get(f"{stack.address}/") as answer:
        assert "Harbour Post Live" in await answer.text()
    await desk.post()
    assert desk.refusals == []


async def post_until(is_over, desk):
    while not is_over.is_set():
        await desk.post()
        await asyncio.sleep(0.2)  # the load: at most five updates a second
