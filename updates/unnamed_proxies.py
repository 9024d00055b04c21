"""Peers that pass on addresses of others and are not in ``TRUSTED_PROXIES``, noted for ``manage.py doctor``.

The server notes them and the doctor, another process, reads them, so each is an empty file named after its address.
"""

import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.conf import settings

from .networks import parsed_address

FOLDER: Final = "unnamed_proxies"
"""Below ``DATA_DIR``."""

NOTED_FOR: Final = 86_400
"""Seconds after which a note counts no more: it may have been a stranger."""


def note(peer: str) -> None:
    folder = Path(settings.DATA_DIR) / FOLDER
    if parsed_address(peer) is not None:
        with suppress(OSError):  # a full or read-only disk, which others report
            folder.mkdir(mode=0o700, exist_ok=True)
            (folder / peer).touch()


def noted() -> list[str]:
    """Return the addresses of the last day that are still not in ``TRUSTED_PROXIES``."""
    since = time.time() - NOTED_FOR
    try:
        names = [file.name for file in (Path(settings.DATA_DIR) / FOLDER).iterdir() if file.stat().st_mtime > since]
    except OSError:
        return []
    return sorted(name for name in names if not _is_trusted(name))


def _is_trusted(name: str) -> bool:
    address = parsed_address(name)
    return address is None or any(address in network for network in settings.TRUSTED_PROXIES)
