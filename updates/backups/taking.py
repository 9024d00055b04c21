"""Takes a backup, also while servers run."""

import gzip
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import Storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import FileField, Model
from django.utils import timezone

from updates.queries.reader_pages import snapshot

from .manifest import BackupError, Manifest, digest_of
from .tables import lines_of, saved_models

SECRET = "secret_key"  # noqa: S105 – the name of its file


def take_backup(folder: Path) -> Manifest:
    """Write a backup into a new folder, which only its owner can read.

    Rows are read in one transaction, so they belong together; files are copied afterwards. A file that was deleted in
    between is listed as missing. A backup that fails leaves nothing behind, so the same command may be given again.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty. Name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    (folder / "tables").mkdir()
    try:
        return _written(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _written(folder: Path) -> Manifest:
    with snapshot():
        manifest = Manifest(timezone.now().isoformat(), str(settings.RELEASE), connection.vendor, _applied())
        for model in saved_models(apps):
            _save_table(model, folder, manifest)
        files = sorted(set(_files()), key=lambda each: each[:2])
    for column, name, storage in files:
        _save_file(storage, name, folder / "files" / column / name, folder, manifest)
    secret = Path(settings.DATA_DIR) / SECRET
    if secret.exists():
        shutil.copyfile(secret, folder / SECRET)
        manifest.files[SECRET] = digest_of(folder / SECRET)
    manifest.write(folder)
    return manifest


def _applied() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _save_table(model: type[Model], folder: Path, manifest: Manifest) -> None:
    table = model._meta.db_table
    path = folder / "tables" / f"{table}.jsonl.gz"
    digest, rows = hashlib.sha256(), 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as file:
        for line in lines_of(model):
            file.write(f"{line}\n")
            digest.update(f"{line}\n".encode())
            rows += 1
    manifest.rows[table], manifest.digests[table] = rows, digest.hexdigest()
    manifest.files[f"tables/{path.name}"] = digest_of(path)


def file_storages() -> dict[str, Storage]:
    """Return where each column of files keeps them, by ``table.column``."""
    return {f"{model._meta.db_table}.{field.column}": field.storage for model, field in _file_fields()}


def _files() -> Iterator[tuple[str, str, Storage]]:
    """Return the files that rows refer to: column, name, storage."""
    for model, field in _file_fields():
        named = model._base_manager.exclude(**{field.attname: ""}).order_by("pk")
        for name in named.values_list(field.attname, flat=True):
            yield f"{model._meta.db_table}.{field.column}", str(name), field.storage


def _file_fields() -> Iterator[tuple[type[Model], FileField]]:
    for model in saved_models(apps):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, FileField):
                yield model, field


def _save_file(storage: Storage, name: str, target: Path, folder: Path, manifest: Manifest) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with storage.open(name) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    except FileNotFoundError:
        manifest.missing.append(name)
        return
    manifest.files[str(target.relative_to(folder))] = digest_of(target)
