"""Every ``manage.py`` command that a document shows exists, takes the options that are shown, and is run by a test."""

import argparse
import ast
import re
import shlex

import pytest
from django.core.management import CommandError, get_commands, load_command_class

from tests.servers import ROOT
from tests.test_docs import PAGES

SHOWN = re.compile(r"(?:manage\.py|^    manage) ((?:[a-z_]{3,})(?: [^`|\n#;)]*)?)", re.MULTILINE)

NOT_COMMANDS = {"and", "or", "does", "command"}

STANDS_FOR = {"N": "3", "DAYS": "3", "PORT": "8000"}
"""Values for what the documents write in capitals where a number is needed."""


def shown_in(page):
    for shown in SHOWN.findall(page.read_text()):
        words = shown.strip().rstrip(".,:").split("      ")[0]
        yield words.replace("…", "").strip()


def parsed(words):
    name, *arguments = shlex.split(words, comments=True)
    command = load_command_class(get_commands()[name], name)
    parser = command.create_parser("manage.py", name)
    parser.exit_on_error = True
    parser.parse_args([STANDS_FOR.get(each, each) for each in arguments])


@pytest.mark.parametrize("page", [page for page in PAGES if "CHANGELOG" not in page.name], ids=lambda page: page.name)
def test_commands_are_as_documented(page):
    for words in shown_in(page):
        name = words.split()[0]
        assert name in get_commands(), f"{page.name} names manage.py {name}"
        if "--" in words:
            try:
                parsed(words)
            except (CommandError, SystemExit, argparse.ArgumentError) as error:
                raise AssertionError(f"{page.name}: manage.py {words}: {error}") from None


STARTS = {"call_command", "manage", "run", "command", "rehearse"}
"""Functions of tests that run a command."""

RUN_BY_SCRIPTS = {"compilemessages", "check"}
"""``make`` and the steps of the gate run these."""


def started_by(tree):
    """Yield the words that a test passes to one of ``STARTS``, or puts into a list, as a command line."""
    for node in ast.walk(tree):
        words = []
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in STARTS:
            words = node.args
        elif isinstance(node, ast.List):
            words = node.elts
        for word in words:
            if isinstance(word, ast.Constant) and isinstance(word.value, str):
                yield word.value


def test_every_documented_command_is_run_by_a_test():
    run = {word for file in (ROOT / "tests").rglob("*.py") for word in started_by(ast.parse(file.read_text()))}
    documented = {words.split()[0] for page in PAGES if "CHANGELOG" not in page.name for words in shown_in(page)}
    assert documented - run - RUN_BY_SCRIPTS == set()
