"""The event of a file: its details, state and places."""

from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from updates.models import Event
from updates.publishing import EventDetails

from .fields import Fields


def check_details(fields: Fields, lead_picture: int | None, slug: str) -> EventDetails:
    title = fields.text("title", needed=True)
    own_slug = fields.text("slug")
    details = EventDetails(
        title=title,
        slug=slug or own_slug or slugify(title)[:80],
        standfirst=fields.text("standfirst"),
        byline=fields.text("byline"),
        key_points=fields.texts("key_points"),
        planned_start=fields.moment("planned_start"),
        lead_picture=lead_picture,
        sensitive=fields.flag("sensitive"),
        language=fields.text("language") or settings.LANGUAGE_CODE,
        time_zone=fields.text("time_zone") or settings.TIME_ZONE,
        page_size=fields.number("page_size", 10),
        shows_ads=fields.flag("shows_ads", default=True),
        shows_reader_count=fields.flag("shows_reader_count"),
        shows_writing=fields.flag("shows_writing"),
        ends_after=fields.number("ends_after") or None,
        is_listed=fields.flag("is_listed", default=True),
        direct_publishing=fields.flag("direct_publishing", default=True),
    )
    _check_values(fields, details)
    return details


def _check_values(fields: Fields, details: EventDetails) -> None:
    """What the model refuses, an address that is taken among it."""
    values = details.given()
    for name in ("lead_picture", "key_points"):
        del values[name]
    try:
        Event(**values).full_clean()
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            fields.blame_all(name, ValidationError(errors))
    if values["time_zone"] not in available_timezones():
        fields.blame("time_zone", f"“{values['time_zone']}” is not a time zone like Europe/Berlin")
