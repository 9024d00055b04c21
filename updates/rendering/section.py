"""Draws a part of a live blog for pages of other sites: in a frame, in an element, and as HTML for a template."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from updates.models import Entry, Event
from updates.queries.sections import Section
from updates.site_address import reader_socket
from updates.untyped import Context

from .absolute import absolute
from .drawing import draw
from .entries import entries_html
from .event import event_parts
from .strings import live_strings

WORDS = ("new_updates", "retry", "off", "gone", "as_of")
"""Strings that its script shows."""

VIEWS = ("updates", "latest")
"""Whole updates, or the box of the newest headlines."""


@dataclass(frozen=True)
class SectionPlan:
    section: Section
    view: str
    limit: int
    origin: str
    heading: str = "h2"
    update: str = ""
    """Id of the entry that it is about, if it is one only."""
    is_part: bool = False
    """Whether it has only what has changed since a number."""


def section_html(plan: SectionPlan) -> SafeString:
    """Return the section; the words of its event are active."""
    event = plan.section.event
    context = {
        "plan": plan,
        "event": event,
        "section": plan.section,
        "version": version_of(event, plan.section.upto),
        "page": plan.origin + event.get_absolute_url(),
        "socket": plan.origin + reader_socket(event.slug),
        "changes": plan.origin + reverse("changes", args=[event.slug]),
        "watch_state": event_parts(event).watch_state,
        "rows": _rows(plan) if plan.view == "updates" else [],
        "words": _words(),
        "site_name": settings.SITE_NAME,
        "timing": settings,
    }
    return draw("updates/embed/section.html", context)


def version_of(event: Event, seq: int) -> str:
    return f"{event.epoch}-{seq}"


def _rows(plan: SectionPlan) -> list[SafeString]:
    entries = plan.section.entries
    drawn = zip(entries, entries_html(entries), strict=True)
    return [mark_safe(absolute(html, plan.origin) or _tombstone(entry)) for entry, html in drawn]  # noqa: S308 – ours  # nosec


def _tombstone(entry: Entry) -> str:
    """Return what stands for an entry that was removed without a note to readers."""
    context: Context = {"entry": entry}
    return draw("updates/embed/removed.html", context)


def _words() -> str:
    strings = live_strings()
    return json.dumps({name: strings[name] for name in WORDS}, ensure_ascii=False)
