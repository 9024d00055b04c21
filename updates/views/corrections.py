"""The site's page of corrections: those of all public live blogs, except of removed updates."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse

from updates.models import Entry
from updates.queries import lists, reader_pages
from updates.rendering.corrections import newest_corrections
from updates.untyped import Context

from . import cached_pages
from .numbered_pages import numbered_page, page_number


@cached_pages.for_readers
def corrections(request: HttpRequest) -> HttpResponse:
    """List entries by their last correction, newest first. A page without any is 404, except the first."""
    with reader_pages.snapshot():
        entries, has_more = lists.corrected_entries(page_number(request))

    def context() -> Context:
        return {
            "corrected": [
                {"entry": entry, "corrections": [one.correction for one in newest_corrections([entry])]}
                for entry in entries
            ]
        }

    return numbered_page(request, "corrections", entries, state=_state_of(entries), has_more=has_more, context=context)


def _state_of(entries: list[Entry]) -> str:
    """Return a digest that changes when any of the entries or events, or their order, changes."""
    states = (f"{entry.pk}-{entry.seq}-{entry.event.epoch}-{entry.event.version}" for entry in entries)
    return sha256(",".join(states).encode()).hexdigest()[:16]
