"""The demo's newsroom, with small pictures."""

import pytest
from django.utils import timezone

from tests.demo.newsroom import paint_small_pictures
from tests.saved_rows import SavedRows
from updates.demo import pictures
from updates.demo.setup import newest_storm, set_up


@pytest.fixture(autouse=True)
def small_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "FOLDER", paint_small_pictures(tmp_path / "photos"))


@pytest.fixture(scope="session")
def saved_newsrooms():
    return []


@pytest.fixture
def storm(db, saved_newsrooms):
    """The storm after the set-up, which takes the better part of a second, so it is done for the first test only."""
    if saved_newsrooms:
        saved_newsrooms[0].restore()
    else:
        set_up(timezone.now())
        saved_newsrooms.append(SavedRows())
    return newest_storm()
