"""The demo accounts' passwords: random, made once for each installation, kept in its data folder.

They are kept in the clear so that every start can show them. Only the owner of the folder can read them.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.contrib.auth.models import User

from .cast import ACCOUNTS, account

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters that are taken for digits: people read these from a terminal."""


@dataclass(frozen=True)
class Kept:
    password: str
    encoded: str
    """As Django stores it; another one there means that somebody has set another password."""


def known_passwords(file: Path) -> dict[str, str | None]:
    """The password of each account; ``None`` where its owner has changed it."""
    kept = _read(file)
    before = dict(kept)
    for member in ACCOUNTS:
        user = account(member.username)
        if member.username not in kept or not user.has_usable_password():
            kept[member.username] = _set(user, kept.get(member.username))
    if kept != before:
        _write(file, kept)
    return {name: entry.password if account(name).password == entry.encoded else None for name, entry in kept.items()}


def _set(user: User, before: Kept | None) -> Kept:
    password = before.password if before else _new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    return Kept(password, user.password)


def _new_password() -> str:
    """Some 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def _read(file: Path) -> dict[str, Kept]:
    if not file.exists():
        return {}
    names = {member.username for member in ACCOUNTS}
    return {name: Kept(**entry) for name, entry in json.loads(file.read_text()).items() if name in names}


def _write(file: Path, kept: dict[str, Kept]) -> None:
    """Never readable by others, not even while it is being written, and never half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        json.dump({name: asdict(entry) for name, entry in kept.items()}, output, indent=2)
    new.replace(file)
