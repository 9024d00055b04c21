"""A short name for what is deployed, so that pages cached by an older release are never answered as unchanged."""

import hashlib
from pathlib import Path


def release_of(*places: Path, settings: object = None) -> str:
    """Hash of the files under ``places`` and of ``settings``: together they decide how a page looks."""
    digest = hashlib.sha256(repr(settings).encode())
    for place in places:
        files = (
            sorted(path for path in place.rglob("*") if path.is_file() and path.suffix != ".pyc")
            if place.is_dir()
            else [place]
        )
        for file in files:
            digest.update(file.name.encode())
            digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()[:8]
