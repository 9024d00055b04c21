"""An event's row that somebody holds: those who publish there wait or are refused in words, and nobody else notices."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction

from tests.admin.desk_forms import add_address, entry_form, text
from tests.browser.desk_page import session_cookie
from tests.factories import make_event, make_user
from tests.servers import CEILING, database_url, readiness, running_site, wait_until
from updates.models import Entry, Event

pytestmark = [
    pytest.mark.services,
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks"),
]

POSTS = 20


@contextmanager
def held(event):
    """Hold the row in a connection of another thread."""
    is_held, may_go = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                Event.objects.select_for_update().get(pk=event.pk)
                is_held.set()
                assert may_go.wait(CEILING)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert is_held.wait(CEILING)
        yield may_go.set
    finally:
        may_go.set()
        thread.join()


class Desk:
    def __init__(self, site, event, editor):
        self.site, self.event = site, event
        self.cookie = f"sessionid={session_cookie(editor, site.url)['value']}; csrftoken={'x' * 32}"

    def post(self, number):
        form = entry_form(f"Update {number}", text("<p>Words</p>"), key=f"key-{number}", csrfmiddlewaretoken="x" * 32)
        headers = {"Cookie": self.cookie, "Origin": self.site.url, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(HTTPConnection(self.site.url.removeprefix("http://"), timeout=CEILING)) as line:
            line.request("POST", add_address(self.event), urlencode(form), headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()


def waiting_for(time):
    """The database, where a query waits this long for a row."""
    url = database_url().replace("lock_timeout%3D10s", f"lock_timeout%3D{time}")
    assert url != database_url()
    return url


def waiting_for_locks():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def test_other_events_and_probes_answer_while_twenty_wait_for_the_row(tmp_path, transactional_db):
    editor = make_user(superuser=True)
    event, other = make_event(author=editor), make_event(author=editor, title="Another")
    patient = waiting_for(f"{CEILING:.0f}s")
    with running_site(tmp_path / "site.log", DATABASE_URL=patient) as site, ThreadPoolExecutor(POSTS) as pool:
        desk = Desk(site, event, editor)
        with held(event) as let_go:
            posts = [pool.submit(desk.post, number) for number in range(POSTS)]
            wait_until(lambda: waiting_for_locks() >= 2, "posts wait for the row")
            for _ in range(5):
                assert "Another" in site.get(f"/{other.slug}/")
                assert site.get("/healthz")
                wait_until(lambda: readiness(site)[0] == 200, "it is ready")
            assert waiting_for_locks() >= 2  # they still do
            let_go()
        assert [post.result()[0] for post in posts] == [302] * POSTS
    assert Entry.objects.filter(event=event, status="published").count() == POSTS


def test_a_row_that_stays_held_refuses_in_words_and_keeps_what_was_typed(tmp_path, transactional_db):
    editor = make_user(superuser=True)
    event = make_event(author=editor)
    with running_site(tmp_path / "site.log", DATABASE_URL=waiting_for("300ms")) as site:
        desk = Desk(site, event, editor)
        with held(event):
            status, page = desk.post(1)
        assert status == 503
        assert "Update 1</textarea>" in page
        assert "Words" in page
        assert "The database is busy" in page  # and what to do
        assert desk.post(1)[0] == 302
    assert Entry.objects.get(event=event).headline == "Update 1"
