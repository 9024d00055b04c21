"""Backup and restore of everything: rows of all tables, pictures, and the secret key if it lies in ``DATA_DIR``.

A backup is a folder: ``manifest.json``, ``tables/<table>.jsonl.gz`` with a row in each line, and ``files/<column>/``.
It does not depend on the kind of database, so a backup of SQLite can be restored onto PostgreSQL.
"""

from .manifest import BackupError, Manifest
from .restoring import restore
from .taking import take_backup

__all__ = ["BackupError", "Manifest", "restore", "take_backup"]
