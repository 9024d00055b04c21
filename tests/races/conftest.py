import pytest
import time_machine

from tests.races.newsroom import BEFORE, Saved, set_up


@pytest.fixture(scope="session")
def saved_newsrooms():
    return []


@pytest.fixture
def newsroom(transactional_db, saved_newsrooms, settings, tmp_path, tmp_path_factory):
    """A newsroom and its saved rows; it is set up once for all tests."""
    settings.MEDIA_ROOT = tmp_path
    if not saved_newsrooms:
        with time_machine.travel(BEFORE, tick=False):
            room = set_up()
        saved_newsrooms.append((room, Saved(tmp_path_factory.mktemp("newsroom") / "public")))
    return saved_newsrooms[0]
