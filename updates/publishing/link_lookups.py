"""Orders to fetch title and picture of a link, from the desk to whatever process fetches it.

What is found goes back to the form of the person who asked, into ordinary fields of an embed: readers see it only once
somebody has published it, and it is removed and erased with its update.
"""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from updates.content.embeds import find_embed
from updates.models import Event, LinkLookup
from updates.permissions import check_may_draft
from updates.types import User

MOST_PER_HOUR: Final = 60
"""Lookups of one person, who could otherwise let this server call others without end."""

LEASE: Final = timedelta(seconds=30)
MOST_TRIES: Final = 2
"""Where the process that had taken it was killed. What the other server refuses is not tried again."""

LIFE: Final = timedelta(hours=1)


def order_lookup(url: str, user: User, event: Event) -> LinkLookup | None:
    """Order it, unless it is off, a player, or too much. Raises ``ValidationError`` for what is no address."""
    check_may_draft(user, event)
    embed = find_embed(url)
    if not settings.FETCH_LINK_TITLES or embed.provider != "link":
        return None
    now = timezone.now()
    own = LinkLookup.objects.filter(user=user, created_at__gt=now - LIFE)
    if known := own.filter(url=embed.url).first():
        return known
    if own.count() >= MOST_PER_HOUR:
        return None
    return LinkLookup.objects.create(url=embed.url, user=user, created_at=now, next_at=now)


def own_lookup(pk: int | None, user: User) -> LinkLookup | None:
    return LinkLookup.objects.filter(pk=pk, user=user).first() if pk is not None else None


def due_lookups() -> list[int]:
    return list(
        LinkLookup.objects.filter(next_at__lte=timezone.now()).order_by("pk").values_list("pk", flat=True)[:100]
    )


def take_lookup(pk: int) -> LinkLookup | None:
    """Take it for the time of the lease; ``None`` if another process has it, it was tried often enough, or it was
    deleted meanwhile.
    """
    now = timezone.now()
    mine = LinkLookup.objects.filter(pk=pk, next_at__lte=now)
    if not mine.update(next_at=now + LEASE, tries=F("tries") + 1):
        return None
    lookup = LinkLookup.objects.select_related("user").filter(pk=pk).first()
    if lookup is None or lookup.tries <= MOST_TRIES:
        return lookup
    finish_lookup(lookup, "", "")
    return None


def finish_lookup(lookup: LinkLookup, title: str, picture: str) -> None:
    LinkLookup.objects.filter(pk=lookup.pk).update(title=title, picture=picture, next_at=None)


def sweep_lookups() -> None:
    LinkLookup.objects.filter(created_at__lt=timezone.now() - LIFE).delete()
