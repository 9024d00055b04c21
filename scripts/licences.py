"""Print the licences of everything that a run needs, as the table of docs/licences.md or as a bill of materials.

Packages of npm that are bundled with scripts count, too; package-lock.json has their versions and licences.

`licences.py` prints the table, `licences.py --sbom` CycloneDX 1.6 as JSON, with the versions that are installed here.
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

ELSEWHERE: Final = {"async-timeout": "Apache-2.0", "colorama": "BSD-3-Clause", "u-msgpack-python": "MIT"}
"""Packages that other systems or versions of Python need."""

SPDX: Final = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "PSFL": "PSF-2.0",
}
"""Identifiers for what packages write by hand. Each “BSD” was looked up: it has three clauses."""


BUNDLED: Final = re.compile(
    r"node_modules/((?:@tiptap/|prosemirror-)[a-z-]+|idb-keyval|orderedmap|rope-sequence|w3c-keyname)"
)
"""Packages of npm that are in a bundle."""


def locked() -> list[str]:
    """Return the names of requirements/base.txt, which has every dependency of a run."""
    lock = (ROOT / "requirements" / "base.txt").read_text()
    return sorted(set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)))


def licence_of(name: str) -> str:
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return ELSEWHERE[name]
    classified = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if line.startswith("License")]
    written, expression = ((about.get_all(field) or [""])[0] for field in ("License", "License-Expression"))
    stated: str = expression or (written if 0 < len(written) < 40 else classified[0])
    return SPDX.get(stated, stated)


def bundled() -> dict[str, dict[str, str]]:
    """Return version and licence of each package of npm that is in a bundle."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return {found[1]: about for path, about in packages.items() if (found := BUNDLED.fullmatch(path))}


def table() -> str:
    rows = [f"| {name} | {licence_of(name)} |" for name in locked()]
    rows += [f"| {name} (npm) | {about['license']} |" for name, about in bundled().items()]
    return "\n".join(("| package | licence |", "|---|---|", *rows))


def bill_of_materials() -> dict[str, object]:
    """Return CycloneDX: this product and what is installed of its dependencies."""
    own = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    components = [
        {
            "type": "library",
            "name": name,
            "version": version(name),
            "purl": f"pkg:pypi/{name}@{version(name)}",
            "licenses": [{"expression": licence_of(name)}],
        }
        for name in locked()
        if _is_installed(name)
    ]
    components += [
        {
            "type": "library",
            "name": name,
            "version": about["version"],
            "purl": f"pkg:npm/{name.replace('@', '%40')}@{about['version']}",
            "licenses": [{"expression": about["license"]}],
        }
        for name, about in bundled().items()
    ]
    product = {"type": "application", "name": "liveblog", "version": own[1] if own else ""}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": product | {"licenses": [{"license": {"id": "BSD-3-Clause"}}]}},
        "components": components,
    }


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    made = json.dumps(bill_of_materials(), indent=2) if "--sbom" in sys.argv else table()
    sys.stdout.write(f"{made}\n")
