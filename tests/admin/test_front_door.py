"""From the login to a live blog: the first page, the short form, and the first account."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.factories import editor_of, make_editor, make_event, make_member, make_user, post
from updates import publishing
from updates.choices import EventStatus, Role
from updates.models import Event
from updates.publishing import EntryContent, EntryInput, EventDetails, Refused
from updates.publishing.first_account import first_account_token, make_first_account
from updates.publishing.people import Newcomer
from updates.queries.own_live_blogs import own_live_blogs

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

PASSWORD = "tide and gate 1953"
INDEX, NEW = "/admin/", "/admin/updates/event/new/"
FIRST = "/admin/updates/event/welcome/first/"


def desk_of(event):
    return reverse("admin:updates_event_desk", args=[event.pk])


def log_in(user, following=None):
    """Return where a login by the form leads to in the end."""
    user.set_password(PASSWORD)
    user.save()
    browser = Client()
    data = {"username": user.username, "password": PASSWORD, "next": following or INDEX}
    answer = browser.post(reverse("admin:login"), data, follow=True)
    return answer.request["PATH_INFO"]


def submitted(event, user):
    publishing.submit(EntryInput(event.pk, EntryContent("To approve")), user)


# After the login


def test_with_one_live_blog_a_login_leads_to_its_desk(noor, event):
    assert log_in(noor) == desk_of(event)
    assert log_in(noor, "/admin/account/") == "/admin/account/"


def test_with_a_choice_a_login_leads_to_the_first_page(noor, event):
    publishing.assign(make_event(author=editor_of(event)).pk, noor, Role.CORRESPONDENT, editor_of(event))
    assert log_in(noor) == INDEX


def test_with_none_a_login_leads_to_the_form_of_the_first():
    assert log_in(make_editor()) == NEW
    assert log_in(make_user()) == INDEX


def test_the_first_page_does_not_lead_on_by_itself(desk):
    assert desk.get(INDEX).status_code == 200


# The first page


def test_it_shows_what_is_on_its_newest_update_and_what_waits(event, noor, tomas):
    upcoming, ended = make_event(status="upcoming"), make_event(status="ended")
    for other in (upcoming, ended):
        publishing.assign(other.pk, tomas, Role.MODERATOR, editor_of(other))
    post(event, "The gate holds")
    newest = post(event, "The gate is shut", author=tomas)
    submitted(event, noor)
    own = own_live_blogs(tomas)

    assert [row.event for row in own.at_work] == [event, upcoming]
    assert [row.event for row in own.ended] == [ended]
    assert (own.at_work[0].newest, own.at_work[1].newest) == (newest, None)
    assert own.at_work[0].waits.submitted == 1
    assert not own.has_more


def test_cancelled_and_ended_ones_come_by_the_time_at_which_they_were_over():
    editor = make_editor()
    over = [make_event(status=status, author=editor) for status in ("cancelled", "ended", "cancelled")]
    assert [row.event for row in own_live_blogs(editor).ended] == over[::-1]


def test_a_correspondent_sees_what_of_their_own_waits_and_what_was_sent_back(event, noor, tomas, client):
    submitted(event, noor)
    submitted(event, make_member(event))
    entry = publishing.submit(EntryInput(event.pk, EntryContent("Too long")), noor).entry
    publishing.send_back(entry.pk, "Shorter, please", tomas)
    waits = own_live_blogs(noor).at_work[0].waits
    client.force_login(noor)
    page = client.get(INDEX).content.decode()

    assert (waits.submitted, waits.sent_back, waits.scheduled) == (1, 1, 0)
    assert "1 waits for approval" in page
    assert "1 sent back to you" in page


def test_its_queries_do_not_grow_with_the_live_blogs(tomas, event, django_assert_num_queries):
    for _number in range(4):
        other = make_event()
        publishing.assign(other.pk, tomas, Role.MODERATOR, editor_of(other))
        post(other, "News")
    with django_assert_num_queries(8):
        assert len(own_live_blogs(tomas).at_work) == 5


# The short form


@pytest.fixture
def editor(client):
    user = make_editor()
    client.force_login(user)
    return client


def made(editor, **values):
    answer = editor.post(NEW, {"title": "Storm", "time_zone": "Asia/Tokyo", "planned_start": ""} | values)
    return answer, Event.objects.order_by("pk").last()


def test_three_fields_make_a_live_blog_that_is_on(editor):
    answer, event = made(editor)
    assert (answer.status_code, answer["Location"]) == (302, desk_of(event))
    assert (event.title, event.time_zone, event.status) == ("Storm", "Asia/Tokyo", EventStatus.LIVE)


def test_with_a_later_start_readers_see_that_it_is_upcoming(editor):
    _answer, event = made(editor, planned_start="2040-03-13T18:00")
    assert event.status == EventStatus.UPCOMING
    assert event.planned_start.isoformat() == "2040-03-13T09:00:00+00:00"


def test_a_start_that_has_passed_is_now(editor):
    assert made(editor, planned_start="2020-03-13T18:00")[1].status == EventStatus.LIVE


@pytest.mark.parametrize("title", ["Storm", "Storm "])  # keyboards of phones append a space
def test_a_second_press_makes_no_second_live_blog(editor, title):
    first, second = made(editor, title=title), made(editor, title=title)
    assert first[0]["Location"] == second[0]["Location"]
    assert Event.objects.count() == 1


def test_a_second_press_opens_what_the_first_could_only_create(editor):
    publishing.create_event(EventDetails(title="Storm"), get_user_model().objects.get())
    _answer, event = made(editor)
    assert (Event.objects.count(), event.status) == (1, EventStatus.LIVE)


@pytest.mark.parametrize("wrong", [{"title": " "}, {"time_zone": "Mars/North"}, {"planned_start": "2031-03-30 x"}])
def test_what_is_wrong_is_said_and_what_was_typed_stays(editor, wrong):
    answer, event = made(editor, **wrong)
    assert (answer.status_code, event) == (200, None)
    assert "errorlist" in answer.content.decode()
    assert 'value="Asia/Tokyo" selected' in answer.content.decode() or "time_zone" in wrong


# The first account


def open_link(token):
    browser = Client()
    answer = browser.post("/admin/updates/event/welcome/", {"link": f"http://x/#first/{token}"}, follow=True)
    return browser, answer


def account(**values):
    names = {"username": "ines", "first_name": "Ines", "last_name": "Calder"}
    return names | {"password": PASSWORD, "password_again": PASSWORD} | values


def test_the_printed_link_makes_an_administrator_who_goes_on_to_the_first_live_blog(capsys):
    call_command("first_account", port=8001)
    printed = capsys.readouterr().out
    token = re.search(r"http://127\.0\.0\.1:8001/admin/updates/event/welcome/#first/(\S+)", printed)[1]
    browser, page = open_link(token)
    assert "This account may do everything" in page.content.decode()
    answer = browser.post(FIRST, account(), follow=True)

    user = get_user_model().objects.get()
    assert answer.request["PATH_INFO"] == NEW
    assert (user.username, user.get_full_name(), user.is_superuser) == ("ines", "Ines Calder", True)
    assert user.check_password(PASSWORD)
    call_command("first_account")
    assert "first/" not in capsys.readouterr().out


def test_the_link_works_once(capsys):
    token = first_account_token()
    browser, _page = open_link(token)
    browser.post(FIRST, account())
    late, _page = open_link(token)
    assert "_auth_user_id" not in late.session
    assert late.post(FIRST, account(username="mallory")).status_code == 404
    assert get_user_model().objects.count() == 1


def test_a_page_that_was_open_before_makes_no_second_one():
    browser, _page = open_link(first_account_token())
    make_user("ines")
    assert browser.post(FIRST, account(username="mallory")).status_code == 404
    with pytest.raises(Refused):
        make_first_account(Newcomer("mallory"), PASSWORD)


@pytest.mark.parametrize("token", ["first", "first:1xXtlz:forged", "", "x" * 5000, "first:\0"])
def test_a_forged_link_opens_nothing(token):
    browser, page = open_link(token)
    assert "This link no longer works" in page.content.decode()
    assert browser.get(FIRST).status_code == 404


def test_the_link_expires(settings):
    token = first_account_token()
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link no longer works" in open_link(token)[1].content.decode()


WEAK = {"password": "ines", "password_again": "ines"}


@pytest.mark.parametrize("wrong", [WEAK, {"password_again": "another"}, {"username": "a b"}, {"first_name": ""}])
def test_a_weak_or_mistyped_account_is_refused(wrong):
    browser, _page = open_link(first_account_token())
    answer = browser.post(FIRST, account(**wrong))
    assert (answer.status_code, get_user_model().objects.count()) == (200, 0)
    assert "errorlist" in answer.content.decode()
