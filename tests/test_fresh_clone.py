"""Commands for developers in a fresh clone: each makes the environment that it needs, and ends with what failed."""

import shutil
import subprocess

import pytest

from tests.servers import CEILING, ROOT

PYTHON = """#!/bin/sh
echo "python $*" >> ran
case "$*" in *pytest*tests/races*) exit 1;; esac
"""

SCRIPTS = {
    "venv.sh": 'mkdir -p "$1/bin" && cp stand-in "$1/bin/python" && echo "venv.sh $*" >> ran',
    "system_packages.sh": 'echo "system_packages.sh $*" >> ran',
}
"""What would install something, or take long."""


@pytest.fixture
def clone(tmp_path):
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Makefile", tmp_path)
    write_program(tmp_path / "stand-in", PYTHON)
    for name, line in SCRIPTS.items():
        write_program(tmp_path / "scripts" / name, f"#!/bin/sh\n{line}\n")
    return tmp_path


def write_program(path, text):
    path.write_text(text)
    path.chmod(0o755)


def run(clone, *command):
    """Its status and output, and the programs that it has run."""
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, timeout=CEILING, check=False)
    return done.returncode, done.stdout + done.stderr, (clone / "ran").read_text().splitlines()


@pytest.mark.parametrize(
    ("target", "script"), [("tables", "scripts/tables.py"), ("sbom", "scripts/licences.py --sbom")]
)
def test_targets_make_their_environment(clone, target, script):
    status, output, ran = run(clone, "make", target)
    assert (status, ran) == (0, ["venv.sh .venv requirements/test.txt", f"python {script}"]), output


def test_coverage_installs_what_its_tests_use(clone):
    status, output, ran = run(clone, "scripts/coverage.sh", "desk")
    assert status == 0, output
    assert ran[:2] == ["system_packages.sh venv redis nchan postgres", "venv.sh .venv requirements/test.txt"]
    assert "pytest" in ran[2]


def test_coverage_reports_all_slices_and_ends_with_one_that_failed(clone):
    status, output, ran = run(clone, "scripts/coverage.sh", "races", "apps")
    assert status == 1
    assert "1 of 2 steps failed" in output
    assert "coverage report" in ran[-1]
