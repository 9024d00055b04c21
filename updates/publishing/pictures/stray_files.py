"""Files that no row names: their process was killed before the row was saved, or after it was deleted."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from django.core.files.storage import Storage
from django.utils import timezone

FRESH: Final = timedelta(hours=1)
"""Younger files are left alone: their row may not be committed yet."""

ANY: Final = re.compile(r".+")

logger = logging.getLogger(__name__)


def delete_strays(
    storage: Storage, folder: str, known: Callable[[], set[str]], ours: re.Pattern[str] = ANY
) -> Iterator[str]:
    """Delete the old files of a folder that are ``ours`` and not ``known``, and yield the name of each.

    The rows are read after the folder, so that a file that is saved meanwhile is known. A file that cannot be deleted
    keeps none of the others.
    """
    try:
        names = {f"{folder}/{name}" for name in storage.listdir(folder)[1] if ours.fullmatch(name)}
    except FileNotFoundError:  # nothing was ever saved
        return
    before = timezone.now() - FRESH
    for name in sorted(names - known()):
        try:
            if storage.get_modified_time(name) < before:
                storage.delete(name)
                yield name
        except FileNotFoundError:  # another process was faster
            continue
        except OSError:
            logger.exception("%s is needed no more and could not be deleted", name)
