"""Commands of the documents that no other test runs."""

import csv
import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_event, make_user, post
from updates.models import Event
from updates.types import User

pytestmark = pytest.mark.django_db


def run(name, *arguments, **options):
    out = StringIO()
    call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()


def test_epoch_is_started_anew():
    storm, ferry = make_event(slug="storm"), make_event(slug="ferry")
    post(storm, "The gate held")
    assert re.findall(r"(\w+): epoch \w+, (\d+) changes", run("new_epoch", "--all")) == [
        (event.slug, str(event.head)) for event in Event.objects.all()
    ]
    run("new_epoch", "storm")
    assert Event.objects.get(slug="storm").epoch != storm.epoch
    assert Event.objects.get(slug="ferry").epoch != ferry.epoch
    with pytest.raises(CommandError, match="no live blog with the address nothing"):
        run("new_epoch", "storm", "nothing")
    with pytest.raises(CommandError, match="or use --all"):
        run("new_epoch")


def test_log_is_exported(tmp_path):
    event = make_event(slug="storm")
    entry = post(event, "The gate held")
    file = tmp_path / "log.csv"
    run("export_log", "storm", format="csv", output=file)
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert "publish" in {cell for row in rows for cell in row.values()}
    assert "The gate held" in json.dumps(json.loads(run("export_log", "storm", entry.public_id)))
    with pytest.raises(CommandError, match="no update “nothing”"):
        run("export_log", "storm", "nothing")


def test_key_of_alerts_is_made():
    text, errors = StringIO(), StringIO()
    call_command("vapid_keys", stdout=text, stderr=errors)
    assert re.match(r"VAPID_PRIVATE_KEY=\S{20,}\nVAPID_SUBJECT=mailto:", text.getvalue())
    assert "Keep the key secret" in errors.getvalue()


def test_password_is_changed(monkeypatch):
    make_user("ines", password="grey harbour quay 71")
    monkeypatch.setattr("getpass.getpass", lambda *_arguments, **_options: "brass bell on the pier 9")
    run("changepassword", "ines")
    assert User.objects.get().check_password("brass bell on the pier 9")
