"""Sessions end when they are not used, when they are old, and when their owner ends them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_event, make_member, make_user, post
from updates.accounts.devices import device_name
from updates.accounts.sessions import IDLE, LONGEST, end_sessions, public_id_of, sessions_of
from updates.live.desk.session import Rejection, desk_users
from updates.models import UserSession

pytestmark = [pytest.mark.django_db, pytest.mark.long]

PASSWORD = "tide and gate 1953"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


@pytest.fixture
def ines():
    return make_user("ines", password=PASSWORD)


def signed_in(address="192.0.2.1", agent=AGENT):
    browser = Client(REMOTE_ADDR=address, headers={"User-Agent": agent})
    assert browser.post(reverse("admin:login"), {"username": "ines", "password": PASSWORD}).status_code == 302
    return browser


def is_in(browser):
    return browser.get(reverse("admin:index")).status_code == 200


def key_of(browser):
    return browser.session.session_key


def test_a_session_knows_where_and_when_it_was_used(ines):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        begun = timezone.now()
        browser = signed_in()
        clock.shift(timedelta(hours=3))
        assert is_in(browser)

        [row] = sessions_of(ines)
        assert (row.address, row.user_agent) == ("192.0.2.1", AGENT)
        assert (row.signed_in_at, row.last_seen) == (begun, timezone.now())


def test_a_session_ends_after_twelve_hours_without_a_request(ines):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        used, left = signed_in(), signed_in()
        for _ in range(3):
            clock.shift(IDLE / 2)
            assert is_in(used)
        assert (is_in(used), is_in(left)) == (True, False)
        assert len(sessions_of(ines)) == 1


@pytest.mark.once
def test_a_session_ends_after_fourteen_days_however_much_it_is_used(ines):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        browser = signed_in()
        for _ in range(int(LONGEST / (IDLE / 2)) - 1):
            clock.shift(IDLE / 2)
            assert is_in(browser)
        clock.shift(IDLE / 2)
        assert not is_in(browser)


def test_writing_a_session_anew_does_not_prolong_it_beyond_its_end(ines):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        browser = signed_in()
        clock.shift(IDLE - timedelta(hours=1))
        session = browser.session
        session["note"] = 1
        session.save()
        row = UserSession.objects.get(pk=session.session_key)
        assert row.expire_date == timezone.now() + IDLE
        assert (row.address, row.signed_in_at) == ("192.0.2.1", timezone.now() - IDLE + timedelta(hours=1))


def test_requests_within_a_minute_write_nothing(ines):
    browser = signed_in()
    before = UserSession.objects.get().last_seen
    assert is_in(browser)
    assert UserSession.objects.get().last_seen == before


def test_a_database_that_cannot_write_still_shows_the_page(ines, monkeypatch, caplog):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        browser = signed_in()
        clock.shift(timedelta(hours=1))

        def fail(*_arguments, **_options):
            raise DatabaseError("attempt to write a readonly database")

        monkeypatch.setattr("django.db.models.query.QuerySet.update", fail)
        assert is_in(browser)
    assert "The last request of a session could not be noted" in caplog.text


def test_a_new_login_deletes_sessions_that_have_ended(ines):
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        signed_in()
    browser = signed_in()
    assert [row.pk for row in UserSession.objects.all()] == [key_of(browser)]


def test_a_readers_page_has_no_session(client):
    event = make_event()
    post(event)
    answer = client.get(event.get_absolute_url())
    assert "Cookie" not in answer.get("Vary", "")
    assert UserSession.objects.count() == 0


def test_one_session_or_all_others_are_ended(ines):
    here, lost, other = (signed_in() for _ in range(3))

    assert end_sessions(ines, public_id=public_id_of(key_of(lost))) == 1
    assert [is_in(each) for each in (here, lost, other)] == [True, False, True]
    assert end_sessions(ines, but=key_of(here)) == 1
    assert [is_in(each) for each in (here, lost, other)] == [True, False, False]


def test_nobody_ends_somebody_elses_session(ines):
    browser = signed_in()
    assert end_sessions(make_user("mara"), public_id=public_id_of(key_of(browser))) == 0
    assert is_in(browser)


def test_the_desks_socket_ends_with_its_session():
    event = make_event()
    user = make_member(event, username="ines")
    user.set_password(PASSWORD)
    user.save()
    key = key_of(signed_in())
    assert desk_users([key], event.pk)[key].name == "ines"

    end_sessions(user)

    assert desk_users([key], event.pk) == {key: Rejection(4401, "logged out")}


@pytest.mark.once
@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (AGENT, "Firefox, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari, macOS"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_name_of_a_device(agent, name):
    assert device_name(agent) == name
