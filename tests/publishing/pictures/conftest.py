"""Fixtures of the tests about pictures: a folder of their own, a live blog, its editor and an upload."""

import pytest

from tests.factories import WIDE, make_picture


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def image(boss):
    return make_picture(boss, size=WIDE)
