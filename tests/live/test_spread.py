"""Over how many seconds readers come back that were cut off together."""

import pytest

from updates.live.spread import spread_for

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("readers", "seconds"),
    [(0, 0.2), (8, 0.2), (50, 1.0), (1_000, 20.0), (2_999, 60.0), (3_000, 60.0), (10_000, 60.0)],
)
def test_fifty_readers_come_back_in_a_second_and_the_last_after_a_minute(readers, seconds, settings):
    settings.BACKOFF_BASE = 0.2
    assert spread_for(readers) == seconds
