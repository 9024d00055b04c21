"""A login that has ended and a token that is stale cost nobody what they typed."""

import re
from time import process_time

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.desk_forms import add_address, controls, entry_form, text
from tests.factories import picture_file
from updates.models import Entry

pytestmark = pytest.mark.django_db

HOME = "http://testserver"


@pytest.fixture
def browser(noor):
    """A client whose posts are checked as a browser's are."""
    client = Client(enforce_csrf_checks=True, headers={"Origin": HOME})
    client.force_login(noor)
    return client


def token(answer):
    return controls(answer)["csrfmiddlewaretoken"]


def words(answer):
    return re.findall(r'<p class="typed">(.*?)</p>', answer.content.decode())


def test_a_stale_token_gives_the_words_back_with_a_fresh_one(browser, event):
    form = entry_form("Gate <b>holds</b>", text("<p>Two &amp; three</p>")) | {"csrfmiddlewaretoken": "x" * 64}

    refused = browser.post(add_address(event), form)
    second_form = controls(refused)
    answer = browser.post(add_address(event), second_form)

    assert refused.status_code == 403
    assert words(refused) == ["Gate holds", "Two &amp; three"]
    assert {name: second_form[name] for name in form if name != "csrfmiddlewaretoken"} == {
        name: str(value) for name, value in form.items() if name != "csrfmiddlewaretoken"
    }
    assert answer.status_code == 302
    assert Entry.objects.get().headline == "Gate <b>holds</b>"


@pytest.mark.parametrize("odd", ["<a", "<a/", "<!--", "<a b='", "&#", "</", "<ul><li>"])
@pytest.mark.parametrize("size", [1_000, 100_000, 1_000_000])
@pytest.mark.long
def test_words_of_any_markup_come_back_in_a_moment(browser, event, odd, size):
    form = entry_form(f"Gate holds {odd * (size // len(odd))}") | {"csrfmiddlewaretoken": "x" * 64}
    began = process_time()
    refused = browser.post(add_address(event), form)

    assert refused.status_code == 403
    assert words(refused)[0].startswith("Gate holds")
    assert process_time() - began < 5


def test_a_login_that_has_ended_gives_the_words_back(browser, noor, event):
    form = entry_form("Gate holds", text("<p>Still</p>")) | {
        "csrfmiddlewaretoken": token(browser.get(add_address(event)))
    }
    browser.cookies.pop("sessionid")

    refused = browser.post(add_address(event), form | {"photo-0-image-file": picture_file()})
    browser.force_login(noor)
    answer = browser.post(add_address(event), controls(refused))

    assert refused.status_code == 403
    assert words(refused) == ["Gate holds", "Still"]
    assert "Choose these files again: photo.jpeg" in refused.content.decode()
    assert f"{reverse('admin:login')}?next=/admin/" in refused.content.decode()
    assert answer.status_code == 302
    assert Entry.objects.get().headline == "Gate holds"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "", "http://["])
def test_another_site_gets_neither_its_words_shown_nor_a_token(browser, event, origin):
    answer = browser.post(add_address(event), entry_form("Forged"), headers={"Origin": origin})
    as_script = browser.post(
        add_address(event), entry_form("Forged"), headers={"Origin": origin, "Accept": "application/json"}
    )

    assert answer.status_code == as_script.status_code == 403
    assert "Forged" not in answer.content.decode()
    assert "data-kept" not in answer.content.decode()
    assert as_script.json() == {"state": "foreign"}
    assert Entry.objects.count() == 0


def test_another_site_is_not_shown_back_where_nobody_is_logged_in(event):
    client = Client(headers={"Origin": "https://elsewhere.example"})

    answer = client.post(add_address(event), entry_form("Forged"))

    assert answer.status_code == 302


def test_no_password_is_ever_shown(browser):
    answer = browser.post(reverse("admin:login"), {"username": "noor", "password": "tide and gate"})

    assert answer.status_code == 403
    assert "tide and gate" not in answer.content.decode()
    assert f'<a href="{reverse("admin:login")}">' in answer.content.decode()


def test_scripts_are_told_that_the_login_has_ended_and_get_a_fresh_token_afterwards(browser, noor, event):
    session = browser.get(reverse("admin:updates_session"), headers={"Accept": "application/json"}).json()
    browser.cookies.pop("sessionid")
    address, asking = add_address(event), {"Accept": "application/json"}

    ended = browser.post(address, entry_form("Gate") | {"csrfmiddlewaretoken": session["token"]}, headers=asking)
    browser.force_login(noor)
    stale = browser.post(address, entry_form("Gate") | {"csrfmiddlewaretoken": "x" * 64}, headers=asking)
    answer = browser.post(address, entry_form("Gate"), headers=asking | {"X-CSRFToken": stale.json()["token"]})

    assert session["user"] == str(noor.pk)
    assert (ended.status_code, ended.json()) == (401, {"state": "login"})
    assert (stale.status_code, stale.json()["state"]) == (403, "token")
    assert answer.json()["state"] == "sent"
