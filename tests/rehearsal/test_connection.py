"""Where a server process leaves out a frame, it is an error; behind nginx with nchan, readers close the gap."""

import asyncio
import json

import pytest

from updates.rehearsal.connection import Connection
from updates.rehearsal.protocol import parse
from updates.rehearsal.reader import Reader
from updates.rehearsal.records import ReaderRecord

TERMS = {"epoch": "epoch", "hb": 4, "spread": 1.0}
SYNC = {"t": "sync", "head": 12, "items": [], "more": False, "count": 0}
HEARTBEAT = {"t": "hb", "seq": 12}
AFTER_A_GAP = {"t": "ops", "prev": 13, "seq": 18, "count": 0, "items": []}


class Noting(Reader):
    """Notes up to which number it is to catch up."""

    requested = 0

    async def catch_up(self, seq=0):
        self.requested = seq


@pytest.mark.parametrize(
    ("first", "errors"), [(SYNC, ["reader 0: ops 13–18 after 12"]), (HEARTBEAT, [])], ids=["server", "nchan"]
)
async def test_gap(first, errors):
    record = ReaderRecord("reader 0", "socket", "epoch", progress=[(100.0, 12)])
    reader = Noting(None, None, "storm", record, None)
    connection = Connection(reader, "ws://here")
    for frame in (first, AFTER_A_GAP):
        connection._take(parse(json.dumps(frame | TERMS)))
    await asyncio.gather(*connection._catch_ups)
    assert record.disordered == errors
    assert (record.position, reader.requested) == (12, 18)
