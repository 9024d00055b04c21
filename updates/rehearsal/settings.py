"""Settings of the rehearsed servers: those of the site, with three changes."""

from liveblog.settings import *  # noqa: F403 – all settings of the site
from liveblog.settings import STORAGES

ROOT_URLCONF = "updates.rehearsal.urls"
"""Addresses of the product and those of ``editor_api``."""

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
"""Static files are not collected: no reader of a rehearsal loads them, and compressing them takes long."""

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""The only password is a random token, and logging in is not rehearsed: slow hashes would take seconds."""
