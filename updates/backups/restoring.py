"""Restores a backup: rows, files and key, checked, with a new epoch for each event."""

import gzip
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from django.apps.registry import Apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from updates.models import Event
from updates.publishing.events import start_epoch
from updates.rendering.items import event_item, items_of

from .manifest import BackupError, Manifest
from .tables import empty, insert, lines_of, models_of, saved_models
from .taking import SECRET, file_storages

PORTION = 500
"""Entries that are read at a time."""


def restore(folder: Path, manifest: Manifest) -> int:
    """Put a backup into the database of this site in place of what is there; returns the number of live blogs.

    Pictures come first: without rows nobody sees them, and if one fails the tables are still of this release. The rows
    are restored in one transaction, as the release that saved them had them, and compared with their checksums before
    it ends. Every event gets a new epoch and is read, in the same transaction unless the rows must first be migrated to
    this release.
    """
    executor = MigrationExecutor(connection)
    targets = _targets(executor, manifest)
    _restore_files(folder, manifest)
    executor.migrate(targets)
    apps = executor.loader.project_state(targets).apps
    is_older = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    with transaction.atomic():
        empty(models_of(apps))
        for model in saved_models(apps):
            _restore_table(model, folder, manifest)
        _reset_sequences(apps)
        count = 0 if is_older else _renumber()
    if is_older:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        count = _renumber()
    _restore_secret(folder, manifest)
    return count


def _renumber() -> int:
    """Give each event a new epoch, and read it."""
    events = list(Event.objects.values_list("pk", flat=True))
    for pk in events:
        start_epoch(pk, reason="manage.py restore")
        _read(pk)
    return len(events)


def _read(event_id: int) -> None:
    """Read all that readers see of an event. Raises ``BackupError`` where the event counts other updates."""
    event = Event.objects.get(pk=event_id)
    event_item(event)
    entries = event.entries.for_readers().order_by("pk")
    published = 0
    for start in range(0, entries.count(), PORTION):
        items = items_of(list(entries[start : start + PORTION]))
        published += sum(item["op"] == "put" for item in items)
    if published != event.entry_count:
        raise BackupError(
            f"{event.slug} has {published} updates and counts {event.entry_count}: its rows do not fit together."
        )


def _targets(executor: MigrationExecutor, manifest: Manifest) -> list[tuple[str, str]]:
    """Return the newest migrations of the backup, app by app. Raises ``BackupError`` if this release lacks one."""
    applied = {tuple(each.split(".", 1)) for each in manifest.migrations}
    graph = executor.loader.graph
    installed = executor.loader.migrated_apps
    if unknown := sorted(".".join(each) for each in applied if each[0] in installed and each not in graph.nodes):
        raise BackupError(f"The backup comes from a newer release: this one has no migration {unknown[0]}.")
    known = {each for each in applied if each in graph.nodes}
    return [
        (app, name) for app, name in known if not {child.key for child in graph.node_map[app, name].children} & known
    ]


def _restore_table(model: type[Model], folder: Path, manifest: Manifest) -> None:
    table = model._meta.db_table
    if table not in manifest.digests:
        return
    insert(model, _lines(folder / "tables" / f"{table}.jsonl.gz"))
    digest = hashlib.sha256()
    for line in lines_of(model):
        digest.update(f"{line}\n".encode())
    if digest.hexdigest() != manifest.digests[table]:
        raise BackupError(f"The rows of {table} are not what the backup has. Nothing was changed.")


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        yield from file


def _reset_sequences(apps: Apps) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models_of(apps)):
            cursor.execute(statement)


def _restore_files(folder: Path, manifest: Manifest) -> None:
    by_column = file_storages()
    for path in manifest.files:
        kind, _, rest = path.partition("/")
        column, _, name = rest.partition("/")
        if kind == "files" and column in by_column:
            _restore_file(by_column[column], name, folder / path, manifest.files[path])


def _restore_file(storage: Storage, name: str, source: Path, digest: str) -> None:
    """Write one file. One that is there with the same content stays: the site needs it if the restore fails."""
    if storage.exists(name):
        if _digest_in(storage, name) == digest:
            return
        storage.delete(name)
    with source.open("rb") as content:
        saved = storage.save(name, File(content))
    if saved != name:
        raise BackupError(f"{name} could not be written under its name; it is {saved}.")


def _digest_in(storage: Storage, name: str) -> str:
    digest = hashlib.sha256()
    with storage.open(name) as file:
        for chunk in file.chunks():
            digest.update(chunk)
    return digest.hexdigest()


def _restore_secret(folder: Path, manifest: Manifest) -> None:
    if SECRET not in manifest.files or os.environ.get("SECRET_KEY"):
        return
    target = Path(settings.DATA_DIR) / SECRET
    partial = target.with_name(f"{SECRET}.arriving")
    partial.unlink(missing_ok=True)
    partial.touch(0o600)
    partial.write_bytes((folder / SECRET).read_bytes())
    partial.replace(target)
