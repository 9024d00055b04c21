"""The documents tell the truth: settings, links, protocol, states and rights as the code has them."""

import re

import pytest

from tests.servers import ROOT
from updates.choices import ChangeKind, EventStatus
from updates.publishing import TRANSITIONS

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_setting_is_in_the_readme_and_no_other():
    source = (ROOT / "liveblog" / "settings.py").read_text()
    read = set(re.findall(r'env_\w+\(\s*"(\w+)"', source))
    listed = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert listed == read


def test_readme_stays_short():
    assert len((ROOT / "README.md").read_text().splitlines()) < 250


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_documents_name_exist(page):
    for name in re.findall(r"`((?:updates|liveblog|static|templates|tests|docs)/[\w./-]+)`", page.read_text()):
        assert (ROOT / name).exists(), f"{page.name} names {name}"


def test_architecture_shows_the_transition_table():
    text = (ROOT / "docs" / "architecture.md").read_text()
    head = re.search(r"^\| from ↓ operation → \|(.*)\|$", text, re.MULTILINE)
    operations = [name.strip() for name in head[1].split("|")]
    for status in EventStatus.values:
        row = re.search(rf"^\| {status} \|(.*)\|$", text, re.MULTILINE)
        cells = [cell.strip() for cell in row[1].split("|")]
        expected = [TRANSITIONS[ChangeKind(name)].get(EventStatus(status), "–") for name in operations]
        assert cells == expected


def test_protocol_describes_every_frame_and_close_code():
    text = (ROOT / "docs" / "protocol.md").read_text()
    for frame in ("sync", "ops", "hb", "reset", "bye"):
        assert f"`{frame}`" in text
    for code in ("4001", "4008", "4400", "4404", "4410"):
        assert code in text
