"""What happens while the database is away, locked or full: nobody waits for long, and the log stays short."""

import logging
import resource
import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError
from django.db import DatabaseError, OperationalError, connection
from django.test import RequestFactory
from django.utils import timezone
from psycopg_pool import ConnectionPool, PoolTimeout
from psycopg_pool.base import AttemptWithBackoff

from liveblog.database_address import parse_database
from liveblog.outage_log import OutageFilter
from tests.factories import editor_of, make_event
from tests.servers import CEILING, database_url
from updates import publishing
from updates.live.threads import in_thread
from updates.management.start_checks import check_database, raise_file_limit
from updates.models import Entry
from updates.publishing import EntryContent, EntryInput, TextContent
from updates.publishing.errors import not_saved
from updates.publishing.schedule import publish_due
from updates.views.site import server_error

on_postgres = pytest.mark.skipif(
    "postgresql" not in str(connection.settings_dict["ENGINE"]), reason="PostgreSQL's pool"
)


class Cursor:
    """Tells which thread frees it."""

    freed_by = None

    def __del__(self):
        Cursor.freed_by = threading.current_thread().name


@pytest.mark.django_db(transaction=True)  # the thread may have a connection from an earlier test, which it looks at
async def test_an_error_brings_no_cursor_to_the_event_loop():
    """Whoever frees a cursor of SQLite waits for its connection."""

    def failing():
        cursor = Cursor()
        try:
            int("the driver's failure")
        except ValueError as error:
            raise OperationalError(f"database is locked {cursor}") from error

    with pytest.raises(DatabaseError) as caught:
        await in_thread(failing)
    assert Cursor.freed_by is not None
    assert Cursor.freed_by.startswith("hub")
    assert caught.value.__cause__ is not None


@on_postgres
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_pool_is_back_two_seconds_after_the_database(tmp_path, monkeypatch):
    """The database is reached by a link to its socket, which goes and comes back."""
    waits, update_delay = [], AttemptWithBackoff.update_delay

    def note(attempt, now):
        update_delay(attempt, now)
        waits.append(attempt.delay)

    monkeypatch.setattr(AttemptWithBackoff, "update_delay", note)
    here = connection.settings_dict
    options = parse_database(database_url())["OPTIONS"]["pool"]
    place = tmp_path / "socket"
    place.symlink_to(here["OPTIONS"]["host"])
    dsn = {"host": str(place), "user": here["USER"], "password": here["PASSWORD"], "dbname": here["NAME"]}
    place.unlink()
    with ConnectionPool(kwargs=dsn, open=True, **options) as pool:
        ended = time.monotonic() + 8  # waits that double from one second would be four by then
        while time.monotonic() < ended:
            with pytest.raises(PoolTimeout):
                pool.getconn(timeout=0.2)
        place.symlink_to(here["OPTIONS"]["host"])
        pool.putconn(pool.getconn(timeout=CEILING))
    assert 0 < max(waits) <= 2


def test_page_without_a_database_says_when_to_come_back():
    def answer(error):
        try:
            raise error
        except OperationalError:
            return server_error(RequestFactory().get("/storm/"))

    response = answer(OperationalError("connection refused"))
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "5", "no-store")
    assert "what you typed is still there" in response.content.decode()


@pytest.mark.django_db
def test_view_that_loses_the_database_is_answered_with_503(client, monkeypatch):
    def lost(*_arguments, **_options):
        raise OperationalError("the connection is lost")

    client.raise_request_exception = False
    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", lost)
    response = client.get("/corrections/")
    assert response.status_code == 503


def test_full_disk_is_named():
    full = OperationalError("database or disk is full")
    assert "disk is full" in not_saved(full, "busy")
    assert not_saved(OperationalError("database is locked"), "busy") == "busy"


def records_of(filtered, error, count, logger="updates.live.hubs"):
    for _ in range(count):
        record = logging.LogRecord(logger, 40, "hubs.py", 1, "Heads of %s", ("all",), None)
        record.exc_info = (type(error), error, None)
        if filtered.filter(record):
            yield record


def test_an_outage_is_one_line_of_the_log_without_a_traceback():
    error = OperationalError("connection refused\n\tIs the server running?")
    lines = list(records_of(OutageFilter(), error, 200))
    assert [(line.getMessage(), line.exc_info) for line in lines] == [("Heads of all (connection refused)", None)]
    assert len(list(records_of(OutageFilter(), ValueError("a fault of ours"), 3))) == 3


def test_an_outage_of_redis_is_one_line_of_the_log_without_a_traceback():
    error = ConnectionError("Connection closed by server.")
    lines = list(records_of(OutageFilter(), error, 200, "channels_redis.pubsub"))
    assert [(line.getMessage(), line.exc_info) for line in lines] == [
        ("Heads of all (Connection closed by server.)", None)
    ]


def test_server_that_may_open_too_few_files_says_so(settings):
    settings.READERS_AT_MOST = 10**9
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, before[1]), before[1]))
        assert "LimitNOFILE" in raise_file_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == before[1]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    settings.READERS_AT_MOST = 0
    assert raise_file_limit() == ""


@pytest.mark.django_db(transaction=True)
def test_server_does_not_start_on_a_database_without_tables(monkeypatch):
    check_database()
    monkeypatch.setattr("django.db.migrations.recorder.MigrationRecorder.applied_migrations", lambda _recorder: {})
    with pytest.raises(CommandError, match=r"lacks \d+ migrations, the first .*Run: manage.py migrate"):
        check_database()


@on_postgres
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "value"), [("PASSWORD", "wrong"), ("HOST", "/nowhere"), ("NAME", "nothing")])
def test_server_does_not_start_with_a_wrong_address_of_the_database(name, value, monkeypatch):
    connection.close()
    connection.close_pool()
    options = {key: each for key, each in connection.settings_dict["OPTIONS"].items() if key not in {"pool", "host"}}
    host = connection.settings_dict["OPTIONS"].get("host", "")
    with monkeypatch.context() as context:
        context.setitem(connection.settings_dict, "OPTIONS", options)
        context.setitem(connection.settings_dict, "HOST", host)
        context.setitem(connection.settings_dict, name, value)
        with pytest.raises(CommandError, match=r"^The database of DATABASE_URL cannot be used: .+"):
            check_database()


@on_postgres
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_fast_clock_publishes_nothing_early():
    event = make_event()
    content = EntryContent("Embargoed", (TextContent("<p>Not yet.</p>"),))
    when = timezone.now() + timedelta(seconds=30)
    entry = publishing.schedule(EntryInput(event.pk, content), editor_of(event), when).entry
    with time_machine.travel(when + timedelta(seconds=1), tick=True):
        publish_due(entry.pk)
    assert Entry.objects.get(pk=entry.pk).status == "scheduled"
