"""Rules of the house that no linter knows."""

import re
import subprocess
import tokenize

import pytest

from tests.servers import ROOT

LONGEST = 300
MOST_ANY = 40
ANY = re.compile(r"^Any$|\[Any[\],]")  # a name, or in a quoted type
KINDS = ("*.py", "*.js", "*.css", "*.html", "*.sh")


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_file_outgrows_its_reader():
    files = [path for path in tracked(*KINDS) if not {"migrations", "bundles"} & set(path.parts)]
    long = {
        str(path.relative_to(ROOT)): lines for path in files if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert long == {}


def test_any_is_rare_and_each_line_says_why():
    lines = {}
    for path in tracked("updates/*.py", "liveblog/*.py"):
        with path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                if ANY.search(token.string) and "import" not in token.line:
                    lines[f"{path.relative_to(ROOT)}:{token.start[0]}"] = token.line
    assert [place for place, line in lines.items() if "  # " not in line] == []
    assert len(lines) <= MOST_ANY


def test_no_file_names_a_package_index():
    indexes = re.compile(
        r"--(extra-)?index-url|--find-links|registry\.npmjs\.org|files\.pythonhosted\.org|pypi\.org/simple"
    )
    named = [
        str(path.relative_to(ROOT))
        for path in tracked("requirements/*", "package*.json", "Makefile", "scripts/*", "pyproject.toml", ".ci/run")
        if indexes.search(path.read_text())
    ]
    assert named == []


def test_strings_become_markup_in_one_module_only():
    """Pages require Trusted Types, which not all browsers have."""
    sinks = re.compile(
        r"(inner|outer)HTML =(?!=)|insertAdjacentHTML|DOMParser|createContextualFragment|document\.write"
    )
    named = {str(path.relative_to(ROOT)) for path in tracked("static/js/*.js") if sinks.search(path.read_text())}
    assert named == {"static/js/html.js"}


RELATIVE_TO_HOST = """.replace('<a href="/', f'<a href="{origin}/')"""
"""Links in texts of correspondents may lead anywhere on the host; feeds make them absolute."""


def test_addresses_contain_the_prefix_of_the_site():
    """A literal address would leave the path below which the site is."""
    literal = re.compile(r"""(?:href|src|action|data-\w+)="/|["'`]/(?:ws|static|media|admin)/""")
    files = tracked("templates/*.html", "templates/*.xml", "static/js/*.js", "updates/*.py")
    beside_the_product = {"bench", "rehearsal", "demo"}
    named = [
        str(path.relative_to(ROOT))
        for path in files
        if not beside_the_product & set(path.parts) and literal.search(path.read_text().replace(RELATIVE_TO_HOST, ""))
    ]
    assert named == []


def test_no_file_has_marks_of_an_unfinished_merge():
    files = tracked(*KINDS, "*.md", "*.toml", "*.po", "*.txt", "*.yaml", "*.conf", "Makefile")
    marks = re.compile(r"^(?:<{7}|>{7}) ", re.M)
    assert [str(path.relative_to(ROOT)) for path in files if marks.search(path.read_text())] == []
