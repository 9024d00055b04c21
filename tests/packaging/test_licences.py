"""Licences of dependencies: listed, and such that a newsroom may use them."""

import json
import re
import runpy

from tests.servers import ROOT

SCRIPT = runpy.run_path(str(ROOT / "scripts" / "licences.py"))

ACCEPTED = {
    "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python", "ISC", "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU",
    "MPL-2.0", "PSF-2.0", "TCL", "Unlicense", "ZPL-2.1",
}  # fmt: skip


def test_table_of_licences_is_current():
    assert SCRIPT["table"]() in (ROOT / "docs" / "licences.md").read_text(), "run make tables"


def test_every_licence_is_one_that_was_looked_at():
    for name in SCRIPT["locked"]():
        assert set(SCRIPT["licence_of"](name).replace(" AND ", " OR ").split(" OR ")) <= ACCEPTED, name
    assert {about["license"] for about in SCRIPT["bundled"]().values()} <= ACCEPTED


def test_bill_of_materials_names_version_and_licence_of_each_package():
    bill = SCRIPT["bill_of_materials"]()
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    django = next(component for component in bill["components"] if component["name"] == "django")
    assert django["purl"] == f"pkg:pypi/django@{django['version']}"
    assert django["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert len(bill["components"]) > 50
    assert "pkg:npm/%40tiptap/core@" in str(bill["components"])


def test_every_package_of_a_bundle_is_listed():
    maps = (ROOT / "static" / "bundles").rglob("*.map")
    sources = [source for path in maps for source in json.loads(path.read_text())["sources"]]
    packages = {found[1] for source in sources if (found := re.search(r"node_modules/((?:@[^/]+/)?[^/]+)", source))}
    assert "prosemirror-view" in packages
    assert packages <= set(SCRIPT["bundled"]())
