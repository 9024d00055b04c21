"""Releases that are installed one after the other while people read and post: ``scripts/prove.sh upgrades``.

Each has another name, a changed template and a new column of the entries. The processes restart in turn behind nginx,
as docs/deployment.md says. ``UPGRADES``, ``UPGRADE_READERS``, ``UPGRADE_PAGES`` and ``UPGRADE_ADDRESSES`` make it
another one.
"""

import asyncio
import os

import psycopg
import pytest

from tests.deploy.load import load_and_crowd, problems_in, running_stack, verdict_on

pytestmark = [pytest.mark.services, pytest.mark.once]

UPGRADES = int(os.environ.get("UPGRADES", "5"))
READERS = int(os.environ.get("UPGRADE_READERS", "100"))
ADDRESSES = int(os.environ.get("UPGRADE_ADDRESSES", "30"))
"""From which pages are asked for: one address has a bounded share of each process."""

PAGES, POSTS = int(os.environ.get("UPGRADE_PAGES", "20")), 2
"""A second."""

BETWEEN = 5.0
"""Seconds for which people read and post in each release."""


class Releases:
    """Installs releases as an operator does, and knows whether some are still to come."""

    def __init__(self, load):
        self.load, self.stack = load, load.stack
        self.are_due = True
        self.lines = []

    async def install_all(self):
        for number in range(1, UPGRADES + 1):
            await asyncio.sleep(BETWEEN)  # the load, not a wait
            await self.install(number)
            load = self.load
            self.lines.append(f"release {number}: pages {dict(load.answers)}, posts {len(load.posts)}, {load.failures}")
        await asyncio.sleep(BETWEEN)
        self.are_due = False

    async def install(self, number):
        self.stack.site_name = f"Harbour Post {number}"
        (self.stack.folder / "site/templates/updates/site/footer.html").write_text(f"<footer>Release {number}</footer>")
        await asyncio.to_thread(self.add_column, number)
        await self.stack.manage("migrate", "--verbosity", "0")
        for part in self.load.memory:
            await self.stack.parts[part].end()
            await self.stack.restart(part)
        for port in self.stack.ports:
            await self.check_release(f"http://127.0.0.1:{port}/", f"Release {number}")

    def add_column(self, number):
        """Change the table as a migration does: neither release may mind a column that it does not know."""
        with psycopg.connect(self.stack.store.url) as connection:
            connection.execute(f"ALTER TABLE updates_entry ADD COLUMN release_{number} text NOT NULL DEFAULT ''")

    async def check_release(self, address, words):
        async with self.load.sessions[0].get(address) as answer:
            assert words in await answer.text()


async def test_releases_in_a_row_refuse_nobody():
    async with running_stack() as stack:
        (stack.folder / "site/templates/updates/site").mkdir(parents=True)
        stack.variables["SITE_DIR"] = str(stack.folder / "site")
        async with load_and_crowd(stack, ADDRESSES) as (load, crowd):
            await crowd.join(READERS)
            releases = Releases(load)
            await asyncio.gather(
                load.repeat(load.load_page, PAGES, lambda: releases.are_due),
                load.repeat(load.publish, POSTS, lambda: releases.are_due),
                releases.install_all(),
            )
            verdict = await verdict_on(load, crowd)
            report(load, verdict, releases)
            assert verdict.is_clean, verdict.problems
            assert (load.failures, set(load.answers)) == ([], {200})
            assert problems(stack) == []


def problems(stack):
    """Lines of the logs, but for those of a process that is away: nginx asks the other one."""
    return [line for line in problems_in(stack.folder) if "connect() failed (111" not in line]


def report(load, verdict, releases):
    lines = [
        f"{UPGRADES} upgrades, {READERS} readers, {PAGES} pages/s from {ADDRESSES} addresses, {POSTS} posts/s",
        *releases.lines,
        f"pages that were refused: {dict(load.refusals)}",
        f"delivered {verdict.delivered}, lost {verdict.lost}, doubled {verdict.doubled}",
        f"disordered {verdict.disordered}",
        *problems(load.stack)[-20:],
    ]
    print("\n" + "\n".join(lines))  # noqa: T201 – the result of a measurement
