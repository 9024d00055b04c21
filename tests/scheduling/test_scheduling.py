"""What is scheduled goes out at its second, once, also after the server was away."""

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest
import websockets
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.factories import editor_of, make_event, make_picture
from tests.live.test_sockets import address
from tests.servers import (
    CEILING,
    ROOT,
    end,
    environment,
    kill,
    running_site,
    wait_until,
    without_the_shared_server,
)
from updates import publishing, scheduling
from updates.choices import ChangeKind
from updates.live import tasks
from updates.models import Change, Entry
from updates.publishing import EntryContent, EntryInput, PhotoContent
from updates.scheduling import READ_EVERY, Scheduler


def schedule(event, seconds, headline="At its time", at=None):
    when = timezone.now() + timedelta(seconds=seconds)
    return publishing.schedule(EntryInput(event.pk, EntryContent(headline)), editor_of(event), when, at=at).entry


def and_hang_up(function, *arguments):
    """In a thread, whose connection to the database nobody else would close."""
    try:
        return function(*arguments)
    finally:
        connection.close()


def soon(event, seconds):
    """Scheduled an hour ago: a busy machine may need longer than these seconds, and what is past is refused."""
    return schedule(event, seconds, at=timezone.now() - timedelta(hours=1))


def overdue(event, seconds, headline):
    """Scheduled while the server was away."""
    return schedule(event, -seconds, headline, at=timezone.now() - timedelta(hours=1))


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_reader_gets_it_at_its_second_and_once_from_two_processes(site, tmp_path):
    event = make_event()

    async def follow():
        async with websockets.connect(address(site, event), open_timeout=CEILING) as reader:
            await reader.recv()
            entry = await asyncio.to_thread(and_hang_up, soon, event, 2)
            async with asyncio.timeout(CEILING):
                while (frame := json.loads(await reader.recv()))["t"] != "ops":
                    pass
        return entry, frame

    with running_site(tmp_path / "second.log"):
        entry, frame = asyncio.run(follow())

    out = Entry.objects.get(pk=entry.pk)
    late = out.published_at - entry.scheduled_at
    assert [item["id"] for item in frame["items"]] == [entry.public_id]
    assert timedelta(0) <= late < timedelta(seconds=CEILING)
    assert Change.objects.filter(entry=entry, kind="publish").count() == 1


@pytest.mark.services
@pytest.mark.once
@pytest.mark.skipif(connection.vendor != "sqlite", reason="it copies the database, which is a file here")
@pytest.mark.django_db(transaction=True)
def test_what_came_due_while_the_server_was_dead_goes_out_when_it_is_back(tmp_path):
    """On a copy of the database, which no other test's server looks at."""
    entry = schedule(make_event(), 3600)
    files = tmp_path / "copy.sqlite3", connection.settings_dict["NAME"]
    copy, ours = (sqlite3.connect(file, timeout=CEILING) for file in files)
    with closing(copy), closing(ours):
        ours.backup(copy)
    options = {"DATABASE_URL": f"sqlite://{tmp_path / 'copy.sqlite3'}"}

    def ask(query, *values):
        with closing(sqlite3.connect(tmp_path / "copy.sqlite3", timeout=CEILING)) as copy, copy:
            return copy.execute(query, [*values, entry.pk]).fetchone()

    with running_site(tmp_path / "first.log", **options) as first:
        first.process.kill()
        first.process.wait()
    past = timezone.now().replace(tzinfo=None) - timedelta(minutes=5)
    ask("UPDATE updates_entry SET scheduled_at = ? WHERE id = ?", str(past))
    assert ask("SELECT status FROM updates_entry WHERE id = ?") == ("scheduled",)

    with running_site(tmp_path / "again.log", **options):
        status = "SELECT status FROM updates_entry WHERE id = ?"
        wait_until(lambda: ask(status) == ("published",), "the schedule is caught up")


@pytest.mark.django_db
def test_after_a_downtime_the_oldest_comes_first():
    event = make_event()
    overdue(event, 10, "Second")
    overdue(event, 20, "First")

    assert Scheduler().turn() == READ_EVERY

    out = event.entries.published().order_by("order").values_list("headline", flat=True)
    assert list(out) == ["First", "Second"]


@pytest.mark.django_db
def test_it_wakes_at_the_moment_of_what_is_due_before_its_next_look(monkeypatch):
    monkeypatch.setattr(scheduling, "READ_EVERY", 2 * CEILING)
    entry = schedule(make_event(), CEILING)

    wait = Scheduler().turn()

    assert 0 < wait <= CEILING
    assert Entry.objects.get(pk=entry.pk).status == "scheduled"


@pytest.mark.once
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_beside_another_server_a_command_publishes_until_it_is_interrupted(tmp_path):
    with without_the_shared_server(), (tmp_path / "log").open("w+") as log:
        entry = soon(make_event(), 0.5)
        command = [sys.executable, "manage.py", "publish_scheduled"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=log, stderr=log)
        try:
            wait_until(lambda: Entry.objects.get(pk=entry.pk).is_published, "the command publishes it")
            assert end(process, signal.SIGINT) == 0
        finally:
            kill(process)
        log.seek(0)
        assert "Stopped." in log.read()


@pytest.mark.django_db
def test_one_that_cannot_go_out_keeps_no_other_back():
    event = make_event()
    postponed = make_event()
    held, out = overdue(postponed, 20, "Held"), overdue(event, 10, "Out")
    publishing.change_state(postponed.pk, ChangeKind.POSTPONE, editor_of(postponed))

    call_command("publish_scheduled", once=True)

    assert [Entry.objects.get(pk=each.pk).status for each in (held, out)] == ["submitted", "published"]


class Bucket(FileSystemStorage):
    """Files somewhere else, which answers with errors of its own while it is not there."""

    class NotThere(Exception):
        pass

    def save(self, *args, **options):
        raise self.NotThere


@pytest.fixture
def alone(transactional_db):
    with without_the_shared_server():  # it would publish what is due, on a storage that works
        yield


def test_whatever_a_storage_raises_keeps_no_other_back_and_ends_nothing(alone, settings, caplog):
    event = make_event()
    photo = PhotoContent(make_picture(editor_of(event)).pk, alt="A quay", credit="Noor")
    when = timezone.now() - timedelta(seconds=20)
    written = EntryInput(event.pk, EntryContent("With a photo", (photo,)))
    held = publishing.schedule(written, editor_of(event), when, at=when - timedelta(hours=1)).entry
    out = overdue(event, 10, "Out")
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.Bucket"}}

    scheduler = Scheduler()
    assert scheduler.turn() == READ_EVERY

    assert [Entry.objects.get(pk=each.pk).status for each in (held, out)] == ["scheduled", "published"]
    assert "could not be published at its time" in caplog.text


def test_what_runs_beside_the_requests_begins_anew_after_whatever_happens(monkeypatch, caplog):
    monkeypatch.setattr(tasks, "RESTART_AFTER", 0)
    begun = 0

    async def work():
        nonlocal begun
        begun += 1
        if begun < 3:
            raise Bucket.NotThere

    asyncio.run(tasks.keep_running(work))
    assert begun == 3
    assert "work failed" in caplog.text
