"""Stored share cards: kept until the entry changes or goes, and deleted with it, the newest ones of the site.

A card is only a copy of what is published: it is drawn again whenever there is none that fits.
"""

from typing import Final
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q

from updates.choices import EntryStatus
from updates.models import Entry, Event, ShareCard
from updates.models.guard import writing
from updates.publishing.after_commit import after_commit

from .stray_files import delete_strays

FOLDER: Final = "cards"
CARDS_AT_MOST: Final = 5_000
"""Cards that a sweep keeps, the newest: some 400 MB. Anybody could ask for those of every update there is."""


def stored_card(event: Event, entry: Entry | None, digest: str) -> bytes | None:
    """Return the stored card if it was drawn from the same."""
    card = ShareCard.objects.filter(event=event, entry=entry, digest=digest).first()
    if card is None:
        return None
    try:
        with card.file.open("rb") as file:
            return bytes(file.read())
    except OSError:  # replaced or deleted meanwhile, or not readable
        return None


def store_card(event: Event, entry: Entry | None, digest: str, data: bytes) -> None:
    """Store a card in the place of an older one, unless the entry has been changed or removed since it was read.

    The file is saved before the transaction: a bucket that hangs would keep the operations waiting.
    """
    card, is_stored = ShareCard(event=event, entry=entry, digest=digest), False
    card.file.save(f"{uuid4().hex}.jpg", ContentFile(data), save=False)
    try:
        is_stored = _store_row(card)
    finally:
        if not is_stored:
            card.file.storage.delete(str(card.file.name))


def _store_row(card: ShareCard) -> bool:
    entry = card.entry
    with transaction.atomic(), writing():
        if entry and not Entry.objects.select_for_update().filter(pk=entry.pk, seq=entry.seq).exists():
            return False
        if known := ShareCard.objects.filter(event=card.event, entry=entry).first():
            _delete_file_on_commit(known)
            card.pk = known.pk
        card.save(force_update=known is not None)
    return True


def withdraw_cards(cards: Q) -> None:
    """Delete cards inside an operation, and their files after its commit."""
    rows = list(ShareCard.objects.filter(cards))
    if rows:
        ShareCard.objects.filter(pk__in=[card.pk for card in rows]).delete()
        for card in rows:
            _delete_file_on_commit(card)


def sweep_cards() -> None:
    """Delete cards of what is not published, and files that a killed process left behind."""
    with transaction.atomic(), writing():
        withdraw_cards(Q(entry__isnull=False) & ~Q(entry__status=EntryStatus.PUBLISHED))
        drawn = ShareCard.objects.order_by("-created_at").values_list("created_at", flat=True)
        for newest_surplus in drawn[CARDS_AT_MOST : CARDS_AT_MOST + 1]:
            withdraw_cards(Q(created_at__lte=newest_surplus))
    for _ in delete_strays(storages["private"], FOLDER, lambda: set(ShareCard.objects.values_list("file", flat=True))):
        pass


def _delete_file_on_commit(card: ShareCard) -> None:
    after_commit(card.file.storage.delete, str(card.file.name))
