"""A gap between frames is an error; behind nginx with nchan, the first frame may be older than the next one says."""

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
AFTER_A_GAP = {"t": "ops", "prev": 14, "seq": 18, "count": 0, "items": []}
ANOTHER_GAP = AFTER_A_GAP | {"prev": 19, "seq": 20}
OLDER = AFTER_A_GAP | {"prev": 11, "seq": 12}
NEWER = AFTER_A_GAP | {"prev": 12, "seq": 13}


class Noting(Reader):
    """Notes up to which number it is to catch up."""

    requested = 0

    async def catch_up(self, seq=0):
        self.requested = seq


@pytest.mark.parametrize(
    ("frames", "errors"),
    [
        ([SYNC, AFTER_A_GAP], ["reader 0: ops 14–18 after 12"]),
        ([HEARTBEAT, AFTER_A_GAP], []),
        ([OLDER, HEARTBEAT, AFTER_A_GAP], []),
        ([NEWER, AFTER_A_GAP], []),
        ([HEARTBEAT, AFTER_A_GAP, ANOTHER_GAP], ["reader 0: ops 19–20 after 18"]),
    ],
    ids=["server", "nchan: heartbeat", "nchan: nothing new", "nchan: operations", "nchan: later"],
)
async def test_gap(frames, errors):
    record = ReaderRecord("reader 0", "socket", "epoch", progress=[(100.0, 12)])
    reader = Noting(None, None, "storm", record, None)
    connection = Connection(reader, "ws://here")
    for frame in frames:
        connection._take(parse(json.dumps(frame | TERMS)))
    await asyncio.gather(*connection._catch_ups)
    assert record.disordered == errors
    assert record.position < 14
    assert reader.requested == frames[-1]["seq"]
