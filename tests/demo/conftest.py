"""The demo's newsroom, with small pictures."""

import pytest
from django.utils import timezone

from tests.demo.newsroom import paint_small_pictures
from updates.demo import pictures
from updates.demo.setup import newest_storm, set_up


@pytest.fixture(autouse=True)
def small_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "FOLDER", paint_small_pictures(tmp_path / "photos"))


@pytest.fixture
def storm(db):
    """The storm after the set-up."""
    set_up(timezone.now())
    return newest_storm()
