"""Which published content shows which picture: the index that operations keep, and the questions it answers."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from updates.content.published import PublishedContent
from updates.models import Entry, Event, Image, PictureUse


def public_ids_in(content: PublishedContent) -> set[str]:
    """Return the public ids of the pictures in published content: photos, posters and portraits of bylines."""
    images = [byline["photo"] for byline in content["bylines"]]
    images += [block["image"] for block in content["blocks"] if block["kind"] == "photo"]
    images += [block["poster"] for block in content["blocks"] if block["kind"] == "embed"]
    return {image["id"] for image in images if image}


def index_pictures(entries: Iterable[Entry]) -> None:
    """Bring the index up to date with what entries show now; what they showed before stays, as not shown."""
    entries = list(entries)
    visible = {entry.pk: public_ids_in(entry.content) if entry.is_published else set() for entry in entries}
    known = {(use.entry_id, use.image.public_id): use for use in _uses_of(entries)}
    for (entry_id, public_id), use in known.items():
        if use.is_shown != (public_id in visible[entry_id]):
            use.is_shown = not use.is_shown
            use.save(update_fields=["is_shown"])
    new = [(pk, public_id) for pk, ids in visible.items() for public_id in ids if (pk, public_id) not in known]
    if new:
        ids = dict(Image.objects.filter(public_id__in={name for _, name in new}).values_list("public_id", "pk"))
        PictureUse.objects.bulk_create(PictureUse(entry_id=pk, image_id=ids[name], is_shown=True) for pk, name in new)


def _uses_of(entries: list[Entry]) -> QuerySet[PictureUse]:
    return PictureUse.objects.filter(entry__in=entries).select_related("image")


def entries_showing(image: Image) -> QuerySet[Entry]:
    return Entry.objects.published().filter(picture_uses__image=image, picture_uses__is_shown=True)


def events_showing(image: Image) -> QuerySet[Event]:
    return Event.objects.filter(Q(pk__in=entries_showing(image).values("event")) | Q(lead_picture=image))


def is_public() -> Q:
    """Match the pictures that a published entry shows or that lead an event."""
    this = OuterRef("pk")
    uses = PictureUse.objects.filter(image=this, is_shown=True)
    return Q(Exists(uses)) | Q(Exists(Event.objects.filter(lead_picture=this)))
