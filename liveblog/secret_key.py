"""The secret key, from the environment or a file that is created once."""

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
        if not file.exists():
            if not may_be_made:
                raise ImproperlyConfigured(
                    f"{name} is missing. A site behind HTTPS needs one that all its processes share: some 50 random "
                    "characters, such as python3 -c 'import secrets; print(secrets.token_urlsafe(50))' prints."
                )
            _make(file)
        value, source = file.read_text(), str(file)
    note(Variable(name, "text", "created in `DATA_DIR`", meaning, is_secret=True, value=value, source=source))
    return value


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass  # another process was quicker: use its secret
