"""Live blogs that are translations of each other, and what the page of each says of the others.

One of them is the original, which the others name in ``translation_of``. Each stores address and language of the others
that readers may know of, so that a page needs no query for them.
"""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from updates.choices import ChangeKind
from updates.models import Event
from updates.models.event import TranslationJSON
from updates.permissions import may_manage
from updates.types import User

from .operation import Operation, operation


def link_translation(event: Event, original_id: int | None, actor: User) -> None:
    """Set the original of an event that is being changed. Somebody who edits both may do it.

    Locks the original, which another operation might otherwise make a translation of a third one meanwhile.
    """
    if original_id is None:
        event.translation_of_id = None
        return
    original = Event.objects.select_for_update().filter(pk=original_id).first()
    if original is None or not may_manage(actor, original):
        raise ValidationError({"translation_of": _("Choose a live blog of which you are an editor.")})
    root = original.translation_of or original
    if root.pk == event.pk:
        raise ValidationError({"translation_of": _("Choose a live blog other than this one and its translations.")})
    if event.pk and Event.objects.filter(translation_of=event.pk).exists():
        raise ValidationError(
            {"translation_of": _("Other live blogs are translations of this one. Choose this one there instead.")}
        )
    event.translation_of_id = root.pk


def related_ids(event: Event) -> set[int]:
    """Return the keys of an event's translations and original."""
    root = event.translation_of_id or event.pk
    of_root = Event.objects.filter(Q(pk=root) | Q(translation_of=root)).exclude(pk=event.pk)
    return set(of_root.values_list("pk", flat=True))


def update_translations(running: Operation, *more_ids: int) -> None:
    """After a change of an event, let it and its translations name each other as they are now, in one transaction.

    ``more_ids`` are events that were translations before. Two such operations may wait for each other's rows; the
    database then ends one, which is tried again.
    """
    event = running.event
    own = related_ids(event)
    if not own and not more_ids and not event.translations:
        return
    event.translations = _named([event, *Event.objects.filter(pk__in=own)], event)
    for pk in sorted(own | set(more_ids)):
        with operation(pk, running.actor, running.at) as other:
            known = Event.objects.filter(pk__in=related_ids(other.event) - {event.pk})
            group = [*known, event] if pk in own else list(known)
            named = _named(group, other.event)
            if named != other.event.translations:
                other.event.translations = named
                other.event_changed(ChangeKind.DETAILS, fields=["translations"])


def _named(events: list[Event], but: Event) -> list[TranslationJSON]:
    listed = [event for event in events if event.pk != but.pk and event.is_public and event.is_listed]
    return [
        {"slug": event.slug, "language": event.language}
        for event in sorted(listed, key=lambda event: (event.language, event.pk))
    ]
