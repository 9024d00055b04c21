"""Activates the language and time zone of an event, in which all its pages are rendered.

The language of an event may be any; the site's own strings are in the nearest of the site's languages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils import timezone, translation

from updates.languages import is_right_to_left, language_of_strings
from updates.models import Event
from updates.zones import zone_named

_content_language: ContextVar[str] = ContextVar("content_language")


@contextmanager
def in_words_of(event: Event | None) -> Iterator[None]:
    """Activate language and time zone; ``None`` for pages that belong to no event."""
    language, zone = (event.language, event.time_zone) if event else (settings.LANGUAGE_CODE, settings.TIME_ZONE)
    token = _content_language.set(language)
    try:
        with translation.override(language_of_strings(language)), timezone.override(zone_named(zone)):
            yield
    finally:
        _content_language.reset(token)


def content_language() -> str:
    """Return the language of the event, as opposed to that of the site's strings."""
    return _content_language.get(None) or strings_language()


def strings_language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def content_direction() -> str:
    return "rtl" if is_right_to_left(content_language()) else "ltr"
