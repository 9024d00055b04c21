"""Every ``manage.py`` command that a document shows exists and takes the options that are shown."""

import argparse
import re
import shlex

import pytest
from django.core.management import CommandError, get_commands, load_command_class

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
