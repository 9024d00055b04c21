"""Renders the parts of a page that change with the event."""

from dataclasses import asdict, dataclass

from django.utils.safestring import SafeString

from updates.alerts.keys import alerts_are_on
from updates.choices import EventStatus
from updates.models import Event

from .drawing import draw
from .language import in_words_of

MARKS = {
    EventStatus.UPCOMING: "soon",
    EventStatus.POSTPONED: "soon",
    EventStatus.LIVE: "live",
    EventStatus.ENDED: "ended",
    EventStatus.CANCELLED: "ended",
}
"""Icons of the status line, which show the state by shape, not by colour alone."""


@dataclass(frozen=True)
class EventParts:
    """Elements with ``data-part``, which newer ones replace on open pages."""

    head: SafeString
    know: SafeString
    watch_state: SafeString

    @property
    def html(self) -> str:
        return "".join(asdict(self).values())


def event_parts(event: Event) -> EventParts:
    context = {"event": event, "mark": MARKS.get(EventStatus(event.status), "soon"), "alerts": not event.is_over}
    with in_words_of(event):
        return EventParts(
            head=draw("updates/_head.html", context),
            know=draw("updates/_know.html", context),
            watch_state=draw("updates/_watch_state.html", context),
        )


def offers_alerts(event: Event) -> bool:
    """Return whether readers can subscribe to alerts: not of events that are over."""
    return alerts_are_on() and not event.is_over
