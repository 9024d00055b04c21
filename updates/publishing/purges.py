"""CDN purges that survive a restart: each key is a row until a call about it has succeeded."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from updates import cdn
from updates.models import PendingPurge

logger = logging.getLogger(__name__)


def purge(keys: Iterable[str]) -> None:
    """Tell the CDN, if there is one, which keys are stale. Call it after the commit."""
    stale = list(keys)
    if not settings.PURGE_URL or not stale:
        return
    now = timezone.now()
    try:
        PendingPurge.objects.bulk_create(
            [PendingPurge(key=key, since=now) for key in sorted(set(stale))],  # sorted: two processes must not deadlock
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["since"],
        )
    except DatabaseError as error:
        logger.warning("Purges were not stored, so a restart would forget them: %s", error)
    cdn.purge(stale)


def resume_purges() -> None:
    """Make the calls that a process which has ended left behind. Several processes may do it: a purge does no harm."""
    cdn.purge(PendingPurge.objects.values_list("key", flat=True))


def _forget(keys: list[str], called_at: datetime) -> None:
    """Delete the rows of keys that were not added again since the call; runs in the thread that calls."""
    try:
        PendingPurge.objects.filter(key__in=keys, since__lte=called_at).delete()
    except DatabaseError as error:
        logger.warning("Purges that were made are still stored, and are repeated at the next start: %s", error)
    finally:
        connection.close()


cdn.after_success.append(_forget)
