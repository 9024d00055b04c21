"""The update by which the doctor checks a live blog never stays on it."""

import json
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from tests.factories import editor_of, make_editor, make_event, make_user
from updates import publishing
from updates.doctor.trial import trial
from updates.models import Entry

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def due_later(monkeypatch):
    """No server publishes it by itself: one of other tests may run."""
    monkeypatch.setattr("updates.doctor.trial.DUE_AFTER", 3600)


def test_a_check_that_is_interrupted_while_it_waits_leaves_nothing_scheduled(monkeypatch):
    def interrupt(_seconds):
        raise KeyboardInterrupt

    make_user("ines", superuser=True)
    make_event(slug="gate")
    monkeypatch.setattr(
        "updates.doctor.trial.time", SimpleNamespace(monotonic=iter(range(9)).__next__, sleep=interrupt)
    )

    with pytest.raises(KeyboardInterrupt):
        call_command("doctor", url="http://127.0.0.1:1", event="gate")

    assert Entry.objects.get().status == "discarded"


def test_an_update_that_is_published_after_the_last_look_is_removed(monkeypatch):
    event = make_event()
    editor = editor_of(event)

    def clock():
        """Tell the time; when it is asked again, the update is published and the patience over."""
        entry = Entry.objects.get()
        if times:
            publishing.publish_now(entry.pk, editor)
        times.append(len(times) * 1000)
        return times[-1]

    times = []
    monkeypatch.setattr("updates.doctor.trial.time", SimpleNamespace(monotonic=clock))

    with trial(editor, event.slug) as check:
        assert not check.is_scheduler_alive()
        assert Entry.objects.get().status == "removed"


@pytest.mark.parametrize("slug", ["gate", ""])
def test_an_account_that_may_not_use_the_live_blog_is_a_finding(slug):
    """An editor who is not assigned to it, also where it is the doctor's own of somebody else."""
    make_event(slug=slug or "doctor-check")
    make_editor("noor")
    out = StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("doctor", url="http://127.0.0.1:1", event=slug, username="noor", json=True, stdout=out)

    levels = {finding["check"]: finding["level"] for finding in json.loads(out.getvalue())}
    assert (stop.value.code, levels["live blog"], levels["database"]) == (1, "error", "ok")
