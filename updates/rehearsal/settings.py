"""The product's settings, and the address that a rehearsal's editors post to."""

from liveblog.settings import *  # noqa: F403 – the product as it is

ROOT_URLCONF = "updates.rehearsal.urls"
