"""Digest of a release, so that pages cached by an older one are never answered as unchanged."""

import hashlib
from collections.abc import Iterator
from pathlib import Path


def release_digest(*places: Path, settings: object = None) -> str:
    """Hash the files under ``places`` and the ``settings``, which together decide how a page looks."""
    digest = hashlib.sha256(repr(settings).encode())
    for place in places:
        for file in sorted(_files(place)):
            digest.update(file.name.encode())
            digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()[:8]


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    yield from (path for path in place.rglob("*") if path.is_file() and path.suffix != ".pyc")
