"""Settings of the servers whose readers are measured: those of the site, and an address that publishes."""

from liveblog.settings import *  # noqa: F403 – all settings of the site

ROOT_URLCONF = "updates.bench.urls"
