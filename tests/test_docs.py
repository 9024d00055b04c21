"""The documents tell the truth: settings, links, protocol, states and rights as the code has them."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from tests.servers import ROOT
from updates.choices import ChangeKind, EventStatus
from updates.environment import VARIABLES
from updates.publishing.events import TRANSITIONS

PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def test_table_of_settings_is_made_from_the_declarations():
    made = StringIO()
    call_command("settings", markdown=True, stdout=made)
    assert made.getvalue().strip() in (ROOT / "docs" / "settings.md").read_text(), "run make tables"


def test_every_variable_is_declared():
    """Nothing else in the product reads the environment."""
    declared = re.compile(r"""os\.environ(?:\.get\(|\[)["'](\w+)""")
    for path in [*(ROOT / "updates").rglob("*.py"), *(ROOT / "liveblog").rglob("*.py")]:
        for name in declared.findall(path.read_text()):
            assert name in {*VARIABLES, "PATH", "DJANGO_SETTINGS_MODULE", "REHEARSAL_TOKEN", "BENCH_TOKEN"}, (
                f"{path.name} reads {name}"
            )


def test_readme_stays_short():
    assert len((ROOT / "README.md").read_text().splitlines()) < 250


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


TOP_FOLDERS = "examples|updates|liveblog|static|templates|tests|docs|scripts|deploy|requirements|locale|.ci"
SUFFIXES = "py|js|mjs|html|css|conf|sh|md|toml|json"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_documents_name_exist(page):
    """A path exists from the root; a file's name alone exists somewhere in the repository."""
    text = page.read_text()
    for path in re.findall(rf"`((?:{TOP_FOLDERS})/[\w./-]*)(?:::[^`]+)?`", text):
        assert (ROOT / path).exists(), f"{page.name} names {path}"
    for name in re.findall(rf"`([\w-]+\.(?:{SUFFIXES}))`", text):
        assert name in MADE_BY_COMMANDS or name in FILE_NAMES, f"{page.name} names {name}"


FILE_NAMES = {
    path.name for folder in TOP_FOLDERS.split("|") for path in (ROOT / folder).rglob("*") if path.is_file()
} | {path.name for path in ROOT.iterdir()}

MADE_BY_COMMANDS = {"storm.json", "log.csv", "demo.json", "index.html", "event.json"}


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


READERS_RULES = [*range(1, 50), 56]


def rows_of_the_readers_page():
    text = (ROOT / "docs" / "reader-page.md").read_text()
    return re.findall(r"^\| R(\d+) \| (.+?) \| (.+) \|$", text, re.MULTILINE)


def test_every_rule_of_the_readers_page_has_a_row():
    assert [int(number) for number, _, _ in rows_of_the_readers_page()] == READERS_RULES


def test_every_row_of_the_readers_page_names_tests_that_there_are_or_says_why_none():
    for number, _, shown_by in rows_of_the_readers_page():
        named = re.findall(r"`(tests/[\w./]+)::([^`]+)`", shown_by)
        assert named or shown_by.count(" ") > 5, f"R{number} names no test and no reason"
        assert len(named) == shown_by.count("::"), f"R{number} names a test in another form"
        for path, name in named:
            definition = f"def {name}(" if path.endswith(".py") else f'"{name}"'
            assert definition in (ROOT / path).read_text(), f"R{number} names {path}::{name}, which is not there"


def test_every_threat_is_prevented_by_something_that_a_test_shows():
    text = (ROOT / "SECURITY.md").read_text().partition("## Threats")[2]
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (`tests/.+) \|$", text, re.MULTILINE)
    assert len(rows) == text.count("\n| ") - 1, "a row without a test"
    for threat, _, shown_by in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", shown_by)
        assert len(named) == shown_by.count("`") / 2, threat
        for path, name in named:
            assert f"def {name}(" in (ROOT / path).read_text(), f"{threat}: {path}::{name} is not there"


def test_every_page_is_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
        waiting += [(page.parent / link).resolve() for link in links]
    assert [page.name for page in PAGES if page not in reached] == []


NOT_COUNTED = {"convergence", "engines", "fuzz", "js"}
"""Folders of tests that run what others run, too: in other engines, with made-up inputs, or scripts of the page."""


def test_coverage_counts_every_folder_of_tests():
    script = (ROOT / "scripts" / "coverage.sh").read_text()
    folders = {path.parent.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").glob("*/**/test_*.py")}
    assert folders - set(re.findall(r"tests/(\w+)", script)) <= NOT_COUNTED
