"""What every test of the project gets: static files by their plain names, and empty caches."""

from pathlib import Path

import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Hashed names need ``collectstatic``; servers that tests start make them by themselves."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is absent
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(autouse=True)
def empty_caches():
    for cache in caches.all(initialized_only=True):
        cache.clear()
