"""“Your account”: sessions and sign-ins of its owner."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from updates.accounts.sessions import public_id_of, sessions_of

pytestmark = pytest.mark.django_db

PASSWORD = "tide and gate 1953"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
ACCOUNT = "/admin/account/"


def signed_in(username="ines", password=PASSWORD, **browser):
    client = Client(**{"REMOTE_ADDR": "192.0.2.1"} | browser)
    client.post(reverse("admin:login"), {"username": username, "password": password})
    return client


def is_in(browser):
    return browser.get(reverse("admin:index")).status_code == 200


@pytest.fixture(autouse=True)
def ines():
    return make_user("ines", password=PASSWORD)


def test_sessions_are_listed_with_device_address_and_time_and_without_their_keys():
    here = signed_in()
    phone = signed_in(REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT=PHONE)
    page = here.get(ACCOUNT).content.decode()

    assert "Safari, iPhone" in page
    assert "198.51.100.7" in page
    assert page.count('class="quiet">last used') == 2
    assert page.count("(this one)") == 1
    assert not any(browser.session.session_key in page for browser in (here, phone))
    assert here.get(ACCOUNT)["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_the_owner_ends_one_or_all_others():
    here, phone, office, train = (signed_in() for _ in range(4))

    answer = here.post(ACCOUNT, {"session": public_id_of(phone.session.session_key), "_end": "1"}, follow=True)
    assert "Ended 1 login." in answer.content.decode()
    assert [is_in(each) for each in (here, phone, office, train)] == [True, False, True, True]

    answer = here.post(ACCOUNT, {"_others": "1"}, follow=True)
    assert "Ended 2 logins." in answer.content.decode()
    assert [is_in(each) for each in (here, office, train)] == [True, False, False]


@pytest.mark.parametrize("session", ["", "x" * 32, "0" * 5000])
def test_a_session_that_is_not_theirs_is_left_alone(session):
    make_user("mara", password=PASSWORD)
    mara, ines = signed_in("mara"), signed_in()
    mara.post(ACCOUNT, {"session": session or public_id_of(ines.session.session_key), "_end": "1"})
    assert is_in(ines)


def test_a_new_password_ends_the_others_and_they_are_listed_no_more(ines):
    here, phone = signed_in(), signed_in()
    new = "barges under bridges 7"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post(reverse("admin:password_change"), form).status_code == 302

    ines.refresh_from_db()
    assert [is_in(here), is_in(phone)] == [True, False]
    assert [row.pk for row in sessions_of(ines)] == [here.session.session_key]


def test_everybody_sees_their_own_sign_ins():
    make_user("mara", password=PASSWORD)
    signed_in("mara", REMOTE_ADDR="203.0.113.9")
    signed_in(password="wrong", REMOTE_ADDR="203.0.113.8")
    page = signed_in().get(ACCOUNT).content.decode()

    assert re.findall(r"<td>(Logged in|Wrong password)</td>", page) == ["Logged in", "Wrong password"]
    assert "203.0.113.8" in page
    assert "203.0.113.9" not in page
    assert "/admin/account/sign-ins/" not in page


def test_superusers_see_all_sign_ins_and_nobody_else_does():
    make_user("root", superuser=True, password=PASSWORD)
    signed_in("<b>nobody</b>", "wrong", REMOTE_ADDR="203.0.113.8")
    root = signed_in("root")

    page = root.get("/admin/account/sign-ins/").content.decode()

    assert "&lt;b&gt;nobody&lt;/b&gt;" in page
    assert "203.0.113.8" in page
    assert "/admin/account/sign-ins/" in root.get(ACCOUNT).content.decode()
    assert signed_in().get("/admin/account/sign-ins/").status_code == 404


def test_the_header_leads_there_and_strangers_are_sent_to_the_login():
    assert f'<a href="{ACCOUNT}">Your account</a>' in signed_in().get(reverse("admin:index")).content.decode()
    for address in (ACCOUNT, "/admin/account/sign-ins/"):
        assert Client().get(address)["Location"] == f"/admin/login/?next={address}"
    outsider = make_user("reader", password=PASSWORD)
    outsider.is_staff = False
    outsider.save()
    assert signed_in("reader").get(ACCOUNT).status_code == 302
