"""A picture that arrives in parts, so that a line that is cut costs a part and not the whole file.

Parts lie in the private storage under the key that the device chose. Sending one twice changes nothing, and whoever
asks again with a finished key gets the picture that it became.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

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
from .renditions import FRESH

PART_SIZE: Final = 256 * 1024
"""Some five seconds at 400 kbit/s."""

FOLDER: Final = "uploads"
_KEY: Final = re.compile(r"[0-9a-f]{32}")
_DONE: Final = "done-"


@dataclass(frozen=True)
class Upload:
    """One file of one person: ``size`` is what it will have when all parts are there."""

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
        """How many bytes a part has; none where there is no such part."""
        return max(0, min(PART_SIZE, self.size - index * PART_SIZE)) if index >= 0 else 0

    @property
    def names(self) -> list[str]:
        """The size stands in the name, so that a part of another file under the same key is not taken for ours."""
        return [f"{self.folder}/{index}-of-{self.size}" for index in range(-(-self.size // PART_SIZE))]


def save_part(upload: Upload, index: int, data: bytes, actor: User) -> Image | list[int]:
    """Keep one part: the picture once all are there, else the numbers of the parts still to come.

    Raises ``ValidationError`` with the reason where the file cannot be used; its parts are dropped then.
    """
    storage = storages["private"]
    lying = _lying(storage, upload)
    if (known := _finished(lying, upload)) is not None:
        return known
    if not data or len(data) != upload.length(index):
        raise ValidationError(_("The upload could not be read. Choose the photo again."), code="upload")
    _keep(storage, upload.names[index], data, lying)
    lying.add(upload.names[index])
    missing = [number for number, name in enumerate(upload.names) if name not in lying]
    return missing or _finish(storage, upload, actor)


def sweep_uploads() -> None:
    """Forget uploads that nobody has gone on with for an hour, and the keys of those that are through."""
    storage = storages["private"]
    before = timezone.now() - FRESH
    for owner in _folders(storage, FOLDER):
        for key in _folders(storage, f"{FOLDER}/{owner}"):
            _drop(storage, f"{FOLDER}/{owner}/{key}", before)


def _finish(storage: Storage, upload: Upload, actor: User) -> Image | list[int]:
    try:
        parts = [_read(storage, name) for name in upload.names]
    except FileNotFoundError:  # the same part came twice at once, and the other was quicker
        if (known := _finished(_lying(storage, upload), upload)) is None:
            raise
        return known
    if half := [number for number, part in enumerate(parts) if len(part) != upload.length(number)]:
        return half
    try:
        image = add_picture(BytesIO(b"".join(parts)), actor)
    except Busy:  # the parts are good: whoever sends one again soon has the picture
        raise
    except ValidationError:
        _drop(storage, upload.folder)
        raise
    storage.save(f"{upload.folder}/{_DONE}{image.public_id}", ContentFile(b""))
    for name in upload.names:
        storage.delete(name)
    return image


def _lying(storage: Storage, upload: Upload) -> set[str]:
    """What is there, by one call: in a bucket each question is a journey. Lengths show when the parts are read."""
    return {f"{upload.folder}/{name}" for name in _files(storage, upload.folder)}


def _finished(lying: set[str], upload: Upload) -> Image | None:
    mark = f"{upload.folder}/{_DONE}"
    done = [name.removeprefix(mark)[:10] for name in lying if name.startswith(mark)]
    return Image.objects.filter(public_id__in=done, uploaded_by=upload.owner).first()


def _keep(storage: Storage, name: str, data: bytes, lying: set[str]) -> None:
    """A part that a process which died has left half is written anew."""
    if name in lying:
        with suppress(FileNotFoundError):  # the other one that sent it is through with all
            if storage.size(name) == len(data):
                return
        storage.delete(name)
    storage.save(name, ContentFile(data))


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


def _drop(storage: Storage, folder: str, before: Any = None) -> None:
    for name in (f"{folder}/{file}" for file in _files(storage, folder)):
        with suppress(FileNotFoundError):  # somebody else dropped it meanwhile
            if before is None or storage.get_modified_time(name) < before:
                storage.delete(name)
    if not _files(storage, folder):
        with suppress(OSError):  # a folder that is gone, or in use again
            storage.delete(folder)
