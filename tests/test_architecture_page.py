"""The architecture page shows the way of a publish as the code has it."""

import re
from itertools import combinations, pairwise

import grimp
import pytest

from tests.servers import ROOT


@pytest.fixture(scope="module")
def way():
    text = (ROOT / "docs" / "architecture.md").read_text()
    section = text.partition("## The way of a publish\n")[2].partition("\n## ")[0]
    return re.findall(r"^\d+\. \[`([\w/]+\.py)`\]", section, re.MULTILINE)


@pytest.fixture(scope="module")
def imports():
    return grimp.build_graph("updates", cache_dir=None)


def module(path):
    return path.removesuffix(".py").replace("/", ".")


def test_a_publish_passes_seven_files_at_most_and_all_exist(way):
    assert 2 < len(way) <= 7
    assert [path for path in way if not (ROOT / path).is_file()] == []


def test_each_file_leads_to_the_next(way, imports):
    for before, after in pairwise(map(module, way)):
        assert imports.find_shortest_chain(importer=before, imported=after), f"{before} does not import {after}"


def test_no_file_climbs_back_up(way, imports):
    """Not over other modules either."""
    climbs = [
        imports.find_shortest_chain(importer=module(later), imported=module(earlier))
        for earlier, later in combinations(way, 2)
    ]
    assert [climb for climb in climbs if climb] == []


@pytest.mark.parametrize("page", ["docs/architecture.md", "README.md"])
def test_page_names_every_package(page):
    text = (ROOT / page).read_text()
    packages = [path.parent.name for path in (ROOT / "updates").glob("*/__init__.py")]
    unnamed = {"management", "migrations", "templatetags"}  # Django's own names

    assert [name for name in packages if name not in unnamed and f"updates/{name}" not in text] == []
