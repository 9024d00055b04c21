"""The dates until which pictures may be shown, set along with the entry that shows them."""

from collections.abc import Iterator
from contextlib import contextmanager

from updates.models import Event
from updates.publishing import EntryInput, show_until
from updates.publishing.expiry import check_show_until, undo_show_until
from updates.types import User


@contextmanager
def pictures_dated(entry_input: EntryInput, actor: User) -> Iterator[None]:
    """Set the dates of an input after the operation inside.

    A photo whose time is over can be sent only with its new date: that date is set before, and taken back if the
    operation is refused.
    """
    event_id, dates = entry_input.event_id, entry_input.picture_dates
    event = Event.objects.get(pk=event_id) if dates else None
    images = [check_show_until(event, pk, until, actor) for pk, until in dates.items()] if event else []
    expired = {image.pk: image.expires_at for image in images if image.expires_at and image.has_expired()}
    try:
        for pk in expired:
            show_until(event_id, pk, dates[pk], actor)
        yield
    except Exception:
        for pk, expired_at in expired.items():
            undo_show_until(event_id, pk, expired_at, dates[pk], actor)
        raise
    for pk, until in dates.items():
        show_until(event_id, pk, until, actor)
