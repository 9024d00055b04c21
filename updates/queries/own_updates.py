"""What others have done with somebody's own updates, so that nobody waits for a text that was sent back."""

from updates.choices import ChangeKind
from updates.models import Change, Event
from updates.types import User

BY_OTHERS = (ChangeKind.SEND_BACK, ChangeKind.PUBLISH, ChangeKind.SCHEDULE, ChangeKind.DISCARD, ChangeKind.REMOVE)


def done_by_others(event: Event, user: User, number: int) -> Change | None:
    """Return the newest such change after a desk number; ``None`` if there is none."""
    theirs = Change.objects.filter(event=event, desk_seq__gt=number, entry__author=user, kind__in=BY_OTHERS)
    change = theirs.exclude(actor=user).select_related("actor", "entry").order_by("-desk_seq").first()
    if change and change.entry:
        change.entry.event = event
    return change
