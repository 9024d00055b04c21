"""The product's settings, but for two things."""

from liveblog.settings import *  # noqa: F403 – the product as it is
from liveblog.settings import STORAGES

ROOT_URLCONF = "updates.rehearsal.urls"
"""The product's addresses, and before them the editors' and the readings, behind a token that the rehearsal makes."""

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
"""No reader of a rehearsal fetches a script or a style; to compress them takes longer than all else it starts with."""
