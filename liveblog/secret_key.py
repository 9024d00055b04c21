"""The secret key, from the environment or a file that is created once."""

import fcntl
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from updates.environment import Variable, note


def env_secret(name: str, file: Path, meaning: str, *, may_be_made: bool = True) -> str:
    """Read the variable, or a secret that is created once in ``file``, readable by its owner only."""
    if value := os.environ.get(name):
        source = "environment"
    else:
        value, source = file.read_text() if file.exists() else "", str(file)
        if not value:  # not there, or a full disk has left it empty
            if not may_be_made:
                raise ImproperlyConfigured(
                    f"{name} is missing. A site behind HTTPS needs one that all its processes share: some 50 random "
                    "characters, such as python3 -c 'import secrets; print(secrets.token_urlsafe(50))' prints."
                )
            value = _make(file)
    note(Variable(name, "text", "created in `DATA_DIR`", meaning, is_secret=True, value=value, source=source))
    return value


def _make(file: Path) -> str:
    """Write a new secret, whole or not at all; return it, or that of another process which was quicker."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600)) as empty:
        fcntl.flock(empty, fcntl.LOCK_EX)
        if secret := file.read_text():  # by its name: the file that was opened may have been replaced
            return secret
        new = file.with_name(f"{file.name}.new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
            output.write(secret := secrets.token_urlsafe(50))
            output.flush()
            os.fsync(output.fileno())
        new.replace(file)
        return secret
