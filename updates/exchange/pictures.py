"""The pictures of a file: as base64 in it, or as files beside it."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils import timezone

from updates.content.images import read_image
from updates.content.picture_limits import MAX_BYTES

from .fields import Fields


@dataclass(frozen=True)
class Pictures:
    """``folder`` is where the JSON lies; files are looked for there and below."""

    fields: Fields
    folder: Path

    def check(self, names: Iterable[str]) -> None:
        """Look at every picture cited; one by one, since together they may be larger than the memory."""
        for name in names:
            part = self.fields.part(name)
            if part is None:
                continue
            data = self._read(part)
            _check_time(part)
            part.end()
            if data is not None:
                _check_usable(data, part)

    def bytes_of(self, name: str) -> bytes:
        """Of a picture that was found to be right."""
        part = self.fields.part(name)
        data = self._read(part) if part else None
        if data is None:
            raise FileNotFoundError(f"The picture “{name}” was there a moment ago")
        return data

    def until(self, name: str) -> datetime | None:
        part = self.fields.part(name)
        return part.moment("until") if part else None

    def _read(self, part: Fields) -> bytes | None:
        text, file = part.text("data"), part.text("file")
        if bool(text) == bool(file):
            part.blame("", "give data (base64) or file, one of the two")
            return None
        return _decoded(text, part) if text else self._file(file, part)

    def _file(self, file: str, part: Fields) -> bytes | None:
        path = (self.folder / file).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            part.blame("file", f"“{file}” is not beside the JSON or below")
        elif not path.is_file():
            part.blame("file", f"there is no file “{file}” beside the JSON")
        elif path.stat().st_size > MAX_BYTES:
            part.blame("file", f"“{file}” is larger than {MAX_BYTES // 2**20} MB")
        else:
            return path.read_bytes()
        return None


def _decoded(text: str, part: Fields) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        part.blame("data", f"is not base64: {error}")
        return None


def _check_time(part: Fields) -> None:
    until = part.moment("until")
    if until is not None and until <= timezone.now():
        part.blame("until", "has passed: the picture may not be shown any more; take it out of the file")


def _check_usable(data: bytes, part: Fields) -> None:
    try:
        read_image(BytesIO(data))
    except ValidationError as error:
        part.blame_all("", error)
