"""Files that are no JSON, or have thousands of mistakes, are refused in words."""

import pytest

from tests.exchange.test_bad_files import refusal, with_entries
from tests.fuzz.bounds import within
from updates.exchange.problems import MOST_PROBLEMS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("document", "last"),
    [
        (with_entries(*[1] * 3_000), "The file has more problems; correct these first"),
        (with_entries({"blocks": [1] * 300_000}), "entries[0]: has 300000 problems, too many to list"),
        ({f"field {number}": 1 for number in range(3_000)}, "has 3000 problems, too many to list"),
    ],
)
def test_thousands_of_mistakes_are_not_kept(document, last, editor, save):
    with within(seconds=20, megabytes=300):
        problems = refusal(save(document), editor)

    assert last in problems
    assert len(problems) <= MOST_PROBLEMS + 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"event": {\n  "title" "Storm"}}', "is not JSON at line 2, column 11: Expecting ':' delimiter"),
        ("", "is not JSON at line 1, column 1: Expecting value"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"version": ' + "9" * 5_000 + "}", "has a number of more than 4300 digits"),
        ('{"event": {"title": "Storm", "title": "Calm"}}', "“title” stands twice in the same object"),
    ],
)
def test_file_that_is_not_json_says_where_it_breaks(text, reason, editor, save):
    assert refusal(save(text), editor)[0].endswith(reason)


def test_file_that_is_not_utf_8_says_where(editor, tmp_path):
    file = tmp_path / "latin.json"
    file.write_bytes(b'{"event": {"title": "Caf\xe9"}}')

    assert refusal(file, editor) == [f"{file} is not UTF-8 at byte 24"]


def test_file_that_is_not_there_is_said_to_be(editor, tmp_path):
    assert refusal(tmp_path / "no.json", editor) == [
        f"{tmp_path / 'no.json'} cannot be read: No such file or directory"
    ]
