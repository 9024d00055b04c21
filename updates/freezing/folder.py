"""The folder of a frozen live blog: which files are ours, and how they are replaced while somebody reads them.

``freeze.json`` lists our files with their digests. Each file is written beside its place and renamed, pictures before
the page that shows them. The list is written first, with the old and the new names, and again at the end, so that the
next run also deletes what a crash has left.
"""

import fcntl
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

LIST: Final = "freeze.json"
MAKER: Final = "manage.py freeze"
_OUR_FILE: Final = re.compile(
    r"(?:index\.html|event\.json|feed\.atom|style\.css|card\.jpg|pictures/[0-9a-f]{32}\.(?:webp|jpg)|captions/[A-Za-z0-9]{10}-[0-9]{1,3}\.vtt)"
)
_OUR_FOLDER: Final = re.compile(r"[a-z0-9-]{1,80}")

Content = bytes | Callable[[], bytes]
"""Bytes, or a function that reads them: of a file whose name is never used for other bytes."""


class ForeignFolder(Exception):
    """The folder exists and was not made by ``freeze``."""


class FolderInUse(Exception):
    """Another ``freeze`` is writing the folder."""


@dataclass
class Frozen:
    """What a run did."""

    written: int = 0
    deleted: int = 0
    unchanged: int = 0

    def add(self, other: "Frozen") -> None:
        self.written += other.written
        self.deleted += other.deleted
        self.unchanged += other.unchanged


@dataclass
class Folder:
    path: Path
    state: str = ""
    """What the files were made of; equal to the new state if there is nothing to do."""
    files: dict[str, str] = field(default_factory=dict)
    """Digest of each file by its name."""
    folders: list[str] = field(default_factory=list)
    """Folders of live blogs inside, each with a list of its own."""

    def holds(self, state: str) -> bool:
        """Return whether the folder was made of ``state`` and no file is missing."""
        return bool(state) and self.state == state and all((self.path / name).is_file() for name in self.files)

    def list_folders(self, names: Iterable[str]) -> None:
        self.folders = sorted(set(names))
        self._write_list()

    def replace(self, contents: Mapping[str, Content], state: str = "") -> Frozen:
        """Write the files that differ, in their order, and delete those of ours that are no longer wanted."""
        result, old = Frozen(), dict(self.files)
        self.files = dict.fromkeys(contents, "") | old
        self.state = ""
        self._write_list()
        self.files = {name: self._put(name, content, old.get(name), result) for name, content in contents.items()}
        for name in old.keys() - contents.keys():
            _delete(self.path / name)
            result.deleted += 1
        self.state = state
        self._write_list()
        return result

    def _put(self, name: str, content: Content, known: str | None, result: Frozen) -> str:
        """Write a file unless it is there; return its digest."""
        place = self.path / name
        if known and not isinstance(content, bytes) and place.is_file():
            result.unchanged += 1
            return known
        data = content if isinstance(content, bytes) else content()
        digest = sha256(data).hexdigest()
        if place.is_file() and sha256(place.read_bytes()).hexdigest() == digest:
            result.unchanged += 1
            return digest
        _write(place, data)
        result.written += 1
        return digest

    def _write_list(self) -> None:
        listed = {"made_by": MAKER, "state": self.state, "folders": self.folders, "files": self.files}
        _write(self.path / LIST, (json.dumps(listed, indent=1) + "\n").encode())


@contextmanager
def locked_folder(path: Path) -> Iterator[Folder]:
    """Open a folder of ours, or make it. Raises ``ForeignFolder`` and ``FolderInUse``."""
    if path.exists() and (not path.is_dir() or (any(path.iterdir()) and _listed(path) is None)):
        raise ForeignFolder(path)
    path.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderInUse(path) from error
        yield _listed(path) or Folder(path)
    finally:
        os.close(handle)


def delete_folder(path: Path) -> Frozen:
    """Delete our files of a folder, and the folder unless somebody has put others into it."""
    with locked_folder(path) as folder:
        result = folder.replace({})
        (path / LIST).unlink()
        for place in (path / "pictures", path / "captions", path):
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
    return result


def _listed(path: Path) -> Folder | None:
    """Read the list. Names that ``freeze`` does not use are ignored, so a changed list deletes nothing elsewhere."""
    try:
        listed = json.loads((path / LIST).read_text())
        if listed["made_by"] != MAKER:
            return None
        files = {str(name): str(digest) for name, digest in listed["files"].items() if _OUR_FILE.fullmatch(name)}
        folders = [str(name) for name in listed["folders"] if _OUR_FOLDER.fullmatch(name)]
        return Folder(path, str(listed["state"]), files, folders)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(exist_ok=True)
    beside = _beside(place)
    beside.write_bytes(data)
    beside.replace(place)


def _delete(place: Path) -> None:
    """Delete a file, and what a killed run may have left of it."""
    place.unlink(missing_ok=True)
    _beside(place).unlink(missing_ok=True)


def _beside(place: Path) -> Path:
    return place.with_name(f".{place.name}.new")
