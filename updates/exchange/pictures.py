"""The pictures of an imported file: as base64 inside the JSON, or as files next to it."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils import timezone

from updates.content.images import read_image
from updates.content.picture_limits import MAX_BYTES
from updates.untyped import JSONObject

from .input_models import PicturePart, quoted
from .parsing import parsed
from .problems import Problems


@dataclass(frozen=True)
class Pictures:
    """``folder`` is the folder of the JSON; picture files must be in it or below."""

    values: JSONObject
    folder: Path

    def check(self, names: Iterable[str], problems: Problems) -> None:
        """Check the named pictures one by one: all together may not fit into memory."""
        for name in names:
            path = f"pictures.{name}"
            if self.values.get(name) is None or not (part := parsed(PicturePart, self.values[name], path, problems)):
                continue
            data = self._read(part, path, problems)
            if part.until is not None and part.until <= timezone.now():
                reason = "has passed: the picture may not be shown any more; take it out of the file"
                problems.add(f"{path}.until", reason)
            if data is not None:
                _check_usable(data, path, problems)

    def bytes_of(self, name: str) -> bytes:
        """Return the bytes of a picture that was checked."""
        data = self._read(self._part(name), name, Problems())
        if data is None:
            raise FileNotFoundError(f"The picture “{name}” was there a moment ago")
        return data

    def until(self, name: str) -> datetime | None:
        return self._part(name).until

    def _part(self, name: str) -> PicturePart:
        return PicturePart.model_validate(self.values[name])

    def _read(self, part: PicturePart, path: str, problems: Problems) -> bytes | None:
        if bool(part.data) == bool(part.file):
            problems.add(path, "give data (base64) or file, one of the two")
            return None
        return _decoded(part.data, path, problems) if part.data else self._file(part.file, f"{path}.file", problems)

    def _file(self, file: str, path: str, problems: Problems) -> bytes | None:
        try:
            place = (self.folder / file).resolve()
            place.is_file()
        except (OSError, RuntimeError):  # a name longer than names may be, or links that lead to each other
            problems.add(path, f"{quoted(file)} is no name of a file")
            return None
        if not place.is_relative_to(self.folder.resolve()):
            problems.add(path, f"{quoted(file)} is not beside the JSON or below")
        elif not place.is_file():
            problems.add(path, f"there is no file {quoted(file)} beside the JSON")
        elif place.stat().st_size > MAX_BYTES:
            problems.add(path, f"{quoted(file)} is larger than {MAX_BYTES // 2**20} MB")
        else:
            return place.read_bytes()
        return None


def _decoded(text: str, path: str, problems: Problems) -> bytes | None:
    if len(text) > MAX_BYTES * 4 / 3 + 4:
        problems.add(f"{path}.data", f"is larger than {MAX_BYTES // 2**20} MB")
        return None
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:  # binascii.Error is one; letters beyond ASCII raise a plain one
        problems.add(f"{path}.data", f"is not base64: {error}")
        return None


def _check_usable(data: bytes, path: str, problems: Problems) -> None:
    try:
        read_image(BytesIO(data))
    except ValidationError as error:
        problems.add_all(path, error)
