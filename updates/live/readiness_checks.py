"""What a process needs to serve readers, beside its database."""

import os
import resource
import shutil
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

LEAST_DISK: Final = 50 * 2**20
"""Bytes that must be free in ``DATA_DIR``; below, SQLite and uploads fail."""

LEAST_FILES: Final = 20
"""Open files that must be left: each socket is one."""


def unmet() -> dict[str, str]:
    """Return what is missing, by name. Empty if the process can serve."""
    checks = {"migrations": _migrations, "static": _static, "disk": _disk, "files": _files}
    return {name: problem for name, check in checks.items() if (problem := check())}


_migrated: Final[set[str]] = set()
"""Databases that were seen migrated: nobody migrates back under a running release."""


def _migrations() -> str:
    database = str(connection.settings_dict["NAME"])
    if database in _migrated:
        return ""
    if pending_migrations():
        return "missing: run manage.py migrate"
    _migrated.add(database)
    return ""


def connect_once() -> None:
    """Connect without the pool, which would wait for seconds and not say why. Raises ``DatabaseError``."""
    probe = connection.copy()
    probe.settings_dict["OPTIONS"] = {
        name: value for name, value in probe.settings_dict["OPTIONS"].items() if name != "pool"
    }
    try:
        probe.ensure_connection()
    finally:
        probe.close()


def pending_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _static() -> str:
    """Return whether the manifest of hashed names is there, without which every page fails."""
    names = getattr(staticfiles_storage, "hashed_files", None)
    return "missing: run manage.py collectstatic" if names == {} and not settings.DEBUG else ""


def _disk() -> str:
    folder = Path(settings.DATA_DIR)
    try:
        return "full" if shutil.disk_usage(folder).free < LEAST_DISK else ""
    except OSError as error:
        return f"unreadable: {error.strerror}"


def _files() -> str:
    try:
        used = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 – names are enough
    except FileNotFoundError:  # not Linux
        return ""
    except OSError:
        return "exhausted"
    return "exhausted" if resource.getrlimit(resource.RLIMIT_NOFILE)[0] - used < LEAST_FILES else ""
