"""The session behind a desk's socket."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.browser.desk_page import session_cookie
from tests.factories import make_event, make_member
from updates.accounts.sessions import SessionStore
from updates.live.desk.session import Rejection, desk_users, session_of
from updates.models import UserSession

pytestmark = pytest.mark.django


@pytest.mark.parametrize(
    "other", ['consent={"ads":false}', "prefs=a b", 'x="unclosed', "first;second", "ключ=1", "a[b]=1", "café=1"]
)
def test_session_is_found_beside_cookies_of_other_scripts(other):
    header = f"{other}; {settings.SESSION_COOKIE_NAME}=abc123"
    assert session_of([(b"host", b"live.example"), (b"cookie", header.encode())]) == "abc123"


def test_session_is_found_in_a_cookie_header_of_its_own():
    headers = [(b"cookie", b"a=1"), (b"cookie", f"{settings.SESSION_COOKIE_NAME}=abc123".encode())]
    assert session_of(headers) == "abc123"


def test_there_is_no_session_without_a_cookie():
    assert session_of([(b"host", b"live.example")]) == ""


@pytest.mark.django_db
def test_people_at_a_desk_are_checked_in_four_queries_however_many_they_are():
    event = make_event()
    users = [make_member(event) for _ in range(20)]
    sessions = [session_cookie(user, "http://x")["value"] for user in users]

    counts = []
    for number in (1, 3, 20):
        with CaptureQueriesContext(connection) as captured:
            users_by_session = desk_users(sessions[:number], event.pk)
        assert [users_by_session[session].pk for session in sessions[:number]] == [user.pk for user in users[:number]]
        counts.append(len(captured))

    assert counts == [4, 4, 4]


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"password": "another"}])
def test_account_that_is_closed_or_has_a_new_password_is_logged_out(change):
    event = make_event()
    user = make_member(event)
    session = session_cookie(user, "http://x")["value"]
    type(user).objects.filter(pk=user.pk).update(**change)
    assert desk_users([session], event.pk) == {session: Rejection(4401, "logged out")}


@pytest.mark.django_db
def test_session_that_has_expired_or_belongs_to_nobody_is_logged_out():
    event = make_event()
    expired, anonymous = (session_cookie(make_member(event), "http://x")["value"] for _ in range(2))
    UserSession.objects.filter(pk=expired).update(expire_date=timezone.now())
    UserSession.objects.filter(pk=anonymous).update(session_data=SessionStore().encode({}))
    logged_out = Rejection(4401, "logged out")
    assert desk_users(["", expired, anonymous], event.pk) == dict.fromkeys(["", expired, anonymous], logged_out)
