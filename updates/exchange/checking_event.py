"""Check the event of a file against the model."""

from django.conf import settings
from django.core.exceptions import ValidationError

from updates.languages import canonical_language
from updates.models import Event
from updates.publishing import EventDetails
from updates.zones import zone_names

from .input_models import EventPart, quoted
from .problems import Problems

SAME = (
    "title", "standfirst", "byline", "planned_start", "planned_end", "sensitive", "page_size", "shows_ads",
    "shows_reader_count", "shows_writing", "ended_oldest_first", "is_listed", "embed_sites", "direct_publishing",
)  # fmt: skip
"""Fields that are called the same in a file and in an event."""


def check_details(event: EventPart, lead_picture: int | None, slug: str, problems: Problems) -> EventDetails:
    details = EventDetails(
        **{name: getattr(event, name) for name in SAME},
        slug=slug or event.slug or Event.objects.free_slug(event.title),
        key_points=tuple(event.key_points),
        lead_picture=lead_picture,
        language=canonical_language(event.language or settings.LANGUAGE_CODE),
        time_zone=event.time_zone or settings.TIME_ZONE,
        ends_after=event.ends_after or None,
    )
    _check_values(details, problems)
    return details


def _check_values(details: EventDetails, problems: Problems) -> None:
    """Report what the model refuses, for example an address that is taken."""
    values = details.changes()
    for name in ("lead_picture", "key_points"):
        del values[name]
    try:
        Event(**values).full_clean()
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            problems.add_all(f"event.{name}", ValidationError(errors))
    if values["time_zone"] not in zone_names():
        problems.add("event.time_zone", f"{quoted(values['time_zone'])} is not a time zone like Europe/Berlin")
