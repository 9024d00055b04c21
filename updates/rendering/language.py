"""Activates the language and time zone of an event, in which all its pages are rendered."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone, translation

from updates.models import Event
from updates.zones import zone_named


@contextmanager
def in_words_of(event: Event | None) -> Iterator[None]:
    """Activate language and time zone; ``None`` for pages that belong to no event."""
    language, zone = (event.language, event.time_zone) if event else (settings.LANGUAGE_CODE, settings.TIME_ZONE)
    with translation.override(language), timezone.override(zone_named(zone)):
        yield
