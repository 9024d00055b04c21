"""Rules of the house that no linter knows."""

import re
import subprocess

import pytest

from tests.servers import ROOT

LONGEST = 300
KINDS = ("*.py", "*.js", "*.css", "*.html", "*.sh")


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_file_outgrows_its_reader():
    files = [path for path in tracked(*KINDS) if "migrations" not in path.parts]
    long = {
        str(path.relative_to(ROOT)): lines for path in files if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert long == {}


def test_module_imports_end_in_a_semicolon():
    """Else their hashed names are not written into them."""
    imports = re.compile(r"\s*(import|export)\b.*\bfrom\s*[\"']|\s*import\s+[\"']")
    lines = [
        (path.name, line)
        for path in tracked("static/js/*.js", "static/js/**/*.js")
        for line in path.read_text().splitlines()
    ]
    assert [(name, line) for name, line in lines if imports.match(line) and not line.rstrip().endswith(";")] == []


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
