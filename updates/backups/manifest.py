"""The list of what a backup holds, with checksums."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

NAME: Final = "manifest.json"
FORMAT: Final = 1


class BackupError(Exception):
    """A sentence for the operator: what is wrong with the backup or the place to restore it to."""


@dataclass
class Manifest:
    created_at: str
    release: str
    database: str
    """Kind of database that it was taken from."""
    migrations: list[str]
    """Applied ones, ``app.name``."""
    rows: dict[str, int] = field(default_factory=dict)
    """By table."""
    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the rows of each table, uncompressed."""
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 by path in the backup."""
    missing: list[str] = field(default_factory=list)
    """Files that rows named and that were not there."""
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it last, and in one step: a folder without it is no backup."""
        partial = folder / f"{NAME}.partial"
        partial.write_text(json.dumps(asdict(self), indent=1))
        partial.replace(folder / NAME)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        try:
            manifest = cls(**json.loads((folder / NAME).read_text()))
        except FileNotFoundError:
            raise BackupError(f"{folder} is no finished backup: it has no {NAME}.") from None
        except (ValueError, TypeError) as error:
            raise BackupError(f"{folder / NAME} cannot be read: {error}.") from None
        if manifest.format != FORMAT:
            raise BackupError(f"{folder} has format {manifest.format}; this release reads {FORMAT}.")
        return manifest

    def check_files(self, folder: Path) -> None:
        """Raise ``BackupError`` unless every file is there and is as it was written."""
        for path, digest in self.files.items():
            if not (folder / path).is_file():
                raise BackupError(f"{path} is missing in the backup. Nothing was changed.")
            if digest_of(folder / path) != digest:
                raise BackupError(f"{path} of the backup is damaged. Nothing was changed.")


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
