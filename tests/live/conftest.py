import pytest


@pytest.fixture(autouse=True)
def no_heartbeats(settings):
    """Hubs of the test's own process send none unless it says so. Its servers do, each second."""
    settings.HEARTBEAT_EVERY = 3600.0
