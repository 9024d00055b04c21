"""The language and time zone of an event, in which all of its pages are drawn."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone, translation

from updates.models import Event
from updates.zones import zone_named


@contextmanager
def in_words_of(event: Event | None) -> Iterator[None]:
    """``None`` stands for the site: its pages that belong to no event."""
    language, zone = (event.language, event.time_zone) if event else (settings.LANGUAGE_CODE, settings.TIME_ZONE)
    with translation.override(language), timezone.override(zone_named(zone)):
        yield
