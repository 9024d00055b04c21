"""Work beside the requests goes on when a part of it fails."""

import asyncio
import threading

import pytest

from liveblog import sweeps
from tests.servers import CEILING

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]


async def test_a_sweep_that_fails_keeps_no_other_from_its_work(monkeypatch, caplog):
    finished = threading.Event()

    def sweep_files():
        raise PermissionError("a file of somebody else")

    monkeypatch.setattr(sweeps, "SWEEPS", (sweep_files, finished.set))
    sweeping = asyncio.create_task(sweeps.sweep_repeatedly())
    assert await asyncio.to_thread(finished.wait, CEILING)
    sweeping.cancel()
    assert "sweep_files failed" in caplog.text
