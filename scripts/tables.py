"""Write the tables of the documentation that are made from the code; a test compares them."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

TABLES = {
    "docs/settings.md": ("manage.py", "settings", "--markdown"),
    "docs/licences.md": ("scripts/licences.py",),
}
"""Page and the command that prints its table."""


def main() -> None:
    for page, command in TABLES.items():
        made = subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603
        path = ROOT / page
        path.write_text(with_table(path.read_text(), made))


def with_table(text: str, table: str) -> str:
    """Return a page with its only table replaced."""
    return re.sub(r"(?:^\|.*\n)+", lambda _: table.strip() + "\n", text, count=1, flags=re.MULTILINE)


if __name__ == "__main__":
    main()
