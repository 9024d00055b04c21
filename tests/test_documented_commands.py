"""Every ``manage.py`` command that a document shows exists, takes the options that are shown, and is run by a test."""

import argparse
import re
import shlex

import pytest
from django.core.management import CommandError, get_commands, load_command_class

from tests.command_lines import command_lines
from tests.servers import ROOT
from tests.test_docs import PAGES
from updates.demo.people import ACCOUNTS

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


@pytest.mark.parametrize("page", [page for page in PAGES if "CHANGELOG" not in page.name], ids=lambda page: page.name)
def test_accounts_that_examples_name_are_those_of_the_demo(page):
    named = re.findall(r"import_event .*--as-user (\S+)", page.read_text())
    assert set(named) <= {account.username for account in ACCOUNTS}


NOT_BY_A_TEST = {
    "compilemessages --ignore": "writes into the sources; tests/test_catalogues.py compares what it has written",
    "check --deploy": "a step of scripts/test.sh, with the settings of a site behind HTTPS",
    "bench --plot": "draws curves for some minutes: scripts/prove.sh bench",
    "rehearse --tier": "needs two minutes: scripts/prove.sh tier; tests/relay has its parts",
}
"""Documented commands that no test runs, by command and first option, and why."""


def command_and_options(words):
    name, *rest = words.split()
    return name, [word for word in rest if word.startswith("--")]


def test_every_documented_command_is_run_by_a_test_with_its_options():
    run = command_lines(ROOT / "tests")
    documented = {words for page in PAGES if "CHANGELOG" not in page.name for words in shown_in(page)}
    missing, excused = [], set()
    for words in sorted(documented):
        name, options = command_and_options(words)
        if any(name == each and used.issuperset(options) for each, used in run):
            continue
        excuse = " ".join([name, *options[:1]])
        (excused.add if excuse in NOT_BY_A_TEST else missing.append)(excuse)
    assert (missing, excused) == ([], set(NOT_BY_A_TEST))


def test_words_that_only_look_like_a_command_do_not_count(tmp_path):
    """A list of words, a command in a sentence, and options of another run are no run of a command."""
    (tmp_path / "test_example.py").write_text('''
import pytest
NAMES = ["migrate", "--plan", "serve"]

def manage(*arguments):
    command = [sys.executable, "manage.py", *arguments]

@pytest.mark.parametrize("command", [["freeze", "--all"], ("doctor",)])
def test_something(command):
    """Says manage.py relay."""
    assert command == ["relay"] or print("backup", "here")
    manage("serve", "--port", str(3))
    call_command("export_log", "storm", format="csv", stdout=None)
    [sys.executable, str(ROOT / "manage.py"), "check", "--deploy"]

@pytest.mark.parametrize("command", [["axes_reset_ip", "192.0.2.1"]])
def test_of_several(command):
    call_command(*command)
''')
    assert sorted(command_lines(tmp_path)) == [
        ("axes_reset_ip", set()), ("check", {"--deploy"}), ("export_log", {"--format"}), ("serve", {"--port"}),
    ]  # fmt: skip
