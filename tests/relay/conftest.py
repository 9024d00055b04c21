import pytest

from updates import nudge
from updates.rehearsal.tier import missing_programs


@pytest.fixture(autouse=True)
def nchan(monkeypatch, settings):
    assert not missing_programs(), "`make test` installs it"
    settings.HEARTBEAT_EVERY = 25.0
    monkeypatch.setattr(nudge, "_listener", None)  # a relay of the test sets it
