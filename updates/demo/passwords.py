"""Random passwords of the demo accounts, created once and saved in the data folder.

They are saved in plain text, because every start prints them. Only the owner of the file can read it.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.contrib.auth.models import User

from .people import ACCOUNTS, demo_user

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters that look like digits, because people copy these from a terminal."""


@dataclass(frozen=True)
class SavedPassword:
    password: str
    encoded: str
    """Hash in the database at that time. A different one means that the owner has set another password."""


def account_passwords(file: Path) -> dict[str, str | None]:
    """Return the password of each account, ``None`` if its owner has changed it. Create the missing ones."""
    saved = _read(file)
    before = dict(saved)
    for account in ACCOUNTS:
        user = demo_user(account.username)
        if account.username not in saved or not user.has_usable_password():
            saved[account.username] = _set(user, saved.get(account.username))
    if saved != before:
        _write(file, saved)
    return {
        name: entry.password if demo_user(name).password == entry.encoded else None for name, entry in saved.items()
    }


def _set(user: User, before: SavedPassword | None) -> SavedPassword:
    password = before.password if before else _new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    return SavedPassword(password, user.password)


def _new_password() -> str:
    """Return a random password of about 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def _read(file: Path) -> dict[str, SavedPassword]:
    if not file.exists():
        return {}
    names = {account.username for account in ACCOUNTS}
    return {name: SavedPassword(**entry) for name, entry in json.loads(file.read_text()).items() if name in names}


def _write(file: Path, saved: dict[str, SavedPassword]) -> None:
    """Replace the file in one step. It is readable by its owner only, also while it is being written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        json.dump({name: asdict(entry) for name, entry in saved.items()}, output, indent=2)
    new.replace(file)
