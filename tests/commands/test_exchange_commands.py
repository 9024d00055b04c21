"""``export_event`` and ``import_event`` as somebody types them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_editor, make_event, make_picture, make_user, post
from updates.models import Event
from updates.publishing import PhotoContent

pytestmark = pytest.mark.django_db


@pytest.fixture
def storm():
    editor = make_editor("ines")
    event = make_event(slug="storm-maren", author=editor)
    photo = PhotoContent(make_picture(editor).pk, alt="A gate", credit="Lena Orsk")
    post(event, "Gate holds", blocks=(photo,), author=editor)
    return event


def run(*words):
    output, errors = StringIO(), StringIO()
    call_command(*map(str, words), stdout=output, stderr=errors)
    return output.getvalue() + errors.getvalue()


def test_export_goes_to_standard_output(storm):
    record = json.loads(run("export_event", "storm-maren"))

    assert (record["event"]["slug"], len(record["entries"]), len(record["pictures"])) == ("storm-maren", 1, 1)


def test_export_to_a_file_and_back(storm, tmp_path):
    file = tmp_path / "storm.json"

    assert run("export_event", "storm-maren", "--output", file) == f"{file}: 1 updates, 1 pictures\n"
    assert run("import_event", file, "--slug", "storm-copy") == "/storm-copy/: 1 updates, Live\n"


def test_pictures_beside_the_file(storm, tmp_path):
    file = tmp_path / "storm.json"

    run("export_event", "storm-maren", "--output", file, "--pictures", "photos")

    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["picture-1.jpg"]
    assert run("import_event", file, "--slug", "storm-copy") == "/storm-copy/: 1 updates, Live\n"


def test_pictures_beside_standard_output_are_refused(storm):
    with pytest.raises(CommandError, match="--pictures needs --output"):
        run("export_event", "storm-maren", "--pictures", "photos")


def test_export_of_an_unknown_event_is_refused(db):
    with pytest.raises(CommandError, match="no live blog with the address “storm”"):
        run("export_event", "storm")


def test_import_is_done_by_the_account_that_is_named(storm, tmp_path):
    run("export_event", "storm-maren", "--output", tmp_path / "storm.json")
    noor = make_editor("noor")

    run("import_event", tmp_path / "storm.json", "--slug", "copy", "--as-user", "noor")

    assert Event.objects.get(slug="copy").assignments.get().user == noor


def test_import_into_an_address_that_is_taken_is_refused(storm, tmp_path):
    file = tmp_path / "storm.json"
    run("export_event", "storm-maren", "--output", file)

    with pytest.raises(CommandError, match=r"Nothing was imported:\n  event\.slug: "):
        run("import_event", file)
    assert Event.objects.count() == 1


def test_long_list_of_problems_is_cut(storm, tmp_path):
    file = tmp_path / "storm.json"
    file.write_text(json.dumps({"event": {"title": "Storm"}, "entries": [{}] * 25}))

    with pytest.raises(CommandError) as refused:
        run("import_event", file)

    lines = str(refused.value).splitlines()
    assert (len(lines), lines[0], lines[-1]) == (22, "Nothing was imported:", "  … and 5 more")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--as-user", "nobody"), "There is no account “nobody”."),
        (("--as-user", "reader"), "Nothing was imported. Only members of the group “Editors” can create a live blog."),
        ((), "Nobody may create a live blog yet"),
    ],
)
def test_import_needs_somebody_who_may(options, reason, db, tmp_path):
    make_user("reader")
    file = tmp_path / "storm.json"
    file.write_text('{"event": {"title": "Storm"}}')

    with pytest.raises(CommandError, match=reason):
        run("import_event", file, *options)
    assert Event.objects.count() == 0
