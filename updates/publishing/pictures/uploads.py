"""Uploads in parts, so that a lost connection costs one part and not the whole file.

Parts are stored in the private storage under a key that the device chose. Sending one twice changes nothing; a finished
key returns the picture that was made of it.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.content.image_process import Busy
from updates.content.images import check_size
from updates.models import Image
from updates.types import User

from .originals import add_picture
from .stray_files import FRESH

PART_SIZE: Final = 256 * 1024
"""Bytes; some five seconds at 400 kbit/s."""

MAX_UNFINISHED: Final = 50
MAX_UNFINISHED_BYTES: Final = 500 * 2**20
"""Uploads of one person of which parts are missing. They are deleted after an hour without progress."""

MAX_UNFINISHED_BYTES_OF_ALL: Final = 5 * 2**30

QUOTA: Final = "quota"
"""Code of the refusals that have to do with room."""

FOLDER: Final = "uploads"
_KEY: Final = re.compile(r"[0-9a-f]{32}")
_PART: Final = re.compile(r"[0-9]{1,12}-of-([0-9]{1,12})")
_DONE: Final = "done-"


@dataclass(frozen=True)
class Upload:
    """One file of one person; ``size`` is that of the whole file."""

    owner: int
    key: str
    size: int

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key) or self.size <= 0:
            raise ValidationError(_("The upload could not be read. Choose the photo again."), code="upload")
        check_size(self.size)

    @property
    def folder(self) -> str:
        return f"{FOLDER}/{self.owner}/{self.key}"

    def length(self, index: int) -> int:
        """Return the number of bytes of a part; 0 where there is no such part."""
        return max(0, min(PART_SIZE, self.size - index * PART_SIZE)) if index >= 0 else 0

    @property
    def names(self) -> list[str]:
        """Return the names of all parts. They contain the size, so that parts of another file are not mixed in."""
        return [f"{self.folder}/{index}-of-{self.size}" for index in range(-(-self.size // PART_SIZE))]


def save_part(
    upload: Upload, index: int, data: bytes, actor: User, check_room: Callable[[User], None]
) -> Image | list[int]:
    """Store one part; return the picture once all are there, else the numbers of the missing parts.

    ``check_room`` raises ``ValidationError`` where the actor may store no further picture.

    Raises ``ValidationError`` with the reason where the file cannot be used; its parts are deleted then.
    """
    storage = storages["private"]
    stored = _stored_names(storage, upload)
    if (known := _finished(stored, upload)) is not None:
        return known
    if not data or len(data) != upload.length(index):
        raise ValidationError(_("The upload could not be read. Choose the photo again."), code="upload")
    check_room(actor)
    if not stored:
        _check_unfinished(storage, upload)
    _keep(storage, upload.names[index], data, stored)
    stored.add(upload.names[index])
    missing = [number for number, name in enumerate(upload.names) if name not in stored]
    return missing or _finish(storage, upload, actor)


def _check_unfinished(storage: Storage, upload: Upload) -> None:
    """Refuse to begin an upload while too many are unfinished, by their number and the size that they will have."""
    of_owner = _unfinished(storage, str(upload.owner))
    if len(of_owner) >= MAX_UNFINISHED or sum(of_owner) + upload.size > MAX_UNFINISHED_BYTES:
        message = _("Too many of your uploads are unfinished. Wait until some have finished, or try again in an hour.")
        raise ValidationError(message, QUOTA)
    others = (sum(_unfinished(storage, owner)) for owner in _folders(storage, FOLDER))
    if sum(others) + upload.size > MAX_UNFINISHED_BYTES_OF_ALL:
        raise ValidationError(_("There is no room for more photos at the moment. Try again later."), QUOTA)


def _unfinished(storage: Storage, owner: str) -> list[int]:
    """Return the full sizes of somebody's uploads of which only parts are there."""
    folders = (f"{FOLDER}/{owner}/{key}" for key in _folders(storage, f"{FOLDER}/{owner}"))
    parts = (list(filter(None, map(_PART.fullmatch, _files(storage, folder)))) for folder in folders)
    return [int(of_folder[0][1]) for of_folder in parts if of_folder]


def sweep_uploads() -> None:
    """Delete parts of uploads without progress for an hour, and the keys of finished ones."""
    storage = storages["private"]
    before = timezone.now() - FRESH
    for owner in _folders(storage, FOLDER):
        for key in _folders(storage, f"{FOLDER}/{owner}"):
            folder = f"{FOLDER}/{owner}/{key}"
            if not _has_progress(storage, folder, before):
                _drop(storage, folder)


def _has_progress(storage: Storage, folder: str, since: datetime) -> bool:
    for file in _files(storage, folder):
        with suppress(FileNotFoundError):  # another process was faster
            if storage.get_modified_time(f"{folder}/{file}") >= since:
                return True
    return False


def _finish(storage: Storage, upload: Upload, actor: User) -> Image | list[int]:
    try:
        parts = [_read(storage, name) for name in upload.names]
    except FileNotFoundError:  # the same part came twice, and the other request was faster
        if (known := _finished(_stored_names(storage, upload), upload)) is None:
            raise
        return known
    if half := [number for number, part in enumerate(parts) if len(part) != upload.length(number)]:
        return half
    try:
        image = add_picture(BytesIO(b"".join(parts)), actor)
    except Busy:  # the parts are good: the device sends one again later
        raise
    except ValidationError:
        _drop(storage, upload.folder)
        raise
    storage.save(f"{upload.folder}/{_DONE}{image.public_id}", ContentFile(b""))
    for name in upload.names:
        storage.delete(name)
    return image


def _stored_names(storage: Storage, upload: Upload) -> set[str]:
    """List the stored parts in one call, since each call to a bucket takes a while. Lengths are checked on reading."""
    return {f"{upload.folder}/{name}" for name in _files(storage, upload.folder)}


def _finished(stored: set[str], upload: Upload) -> Image | None:
    mark = f"{upload.folder}/{_DONE}"
    done = [name.removeprefix(mark)[:10] for name in stored if name.startswith(mark)]
    return Image.objects.filter(public_id__in=done, uploaded_by=upload.owner).first()


def _keep(storage: Storage, name: str, data: bytes, stored: set[str]) -> None:
    """Store a part, replacing one that a killed process has left incomplete."""
    if name in stored:
        with suppress(FileNotFoundError):  # another request has finished the upload
            if storage.size(name) == len(data):
                return
        storage.delete(name)
    saved_as = storage.save(name, ContentFile(data))
    if saved_as != name:  # another request stored the same part at this moment, as a second tab does
        storage.delete(saved_as)


def _read(storage: Storage, name: str) -> bytes:
    with storage.open(name, "rb") as part:
        return bytes(part.read())


def _folders(storage: Storage, path: str) -> list[str]:
    return _listed(storage, path)[0]


def _files(storage: Storage, path: str) -> list[str]:
    return _listed(storage, path)[1]


def _listed(storage: Storage, path: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(path)
    except FileNotFoundError:
        return [], []


def _drop(storage: Storage, folder: str) -> None:
    for file in _files(storage, folder):
        storage.delete(f"{folder}/{file}")
    if not _files(storage, folder):
        with suppress(OSError):  # the folder is gone, or in use again
            storage.delete(folder)
