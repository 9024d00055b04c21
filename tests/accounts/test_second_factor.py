"""Codes after the password: who needs them, what they open, and what opens without them."""

import base64
import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import make_event, make_member, make_user
from updates.accounts.second_factor import device_of
from updates.choices import Role
from updates.live.desk.session import DeskUser, Rejection, desk_users

pytestmark = [pytest.mark.django_db, pytest.mark.long]

PASSWORD = "tide and gate 1953"
LOGIN = "/admin/login/"
ACCOUNT = "/admin/account/"
SET_UP = "/admin/account/second-factor/"
LOGGED_OUT = Rejection(4401, "logged out")


@pytest.fixture(autouse=True)
def clock():
    """Codes last half a minute, so each test starts in a new one and moves on by itself."""
    with time_machine.travel(timezone.now().replace(second=0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def ines():
    user = make_member(make_event(), Role.EDITOR, "ines")
    user.set_password(PASSWORD)
    user.save()
    return user


def with_password(username="ines", **more):
    browser = Client(REMOTE_ADDR="192.0.2.1")
    browser.post(LOGIN, {"username": username, "password": PASSWORD} | more)
    return browser


def code_of(user, *, confirmed=True):
    return f"{totp(TOTPDevice.objects.get(user=user, confirmed=confirmed).bin_key):06}"


def set_up(browser, user):
    browser.get(SET_UP)
    answer = browser.post(SET_UP, {"password": PASSWORD, "code": code_of(user, confirmed=False)})
    return re.findall(r"<code>([a-z2-7]{5}-[a-z2-7]{5})</code>", answer.content.decode())


def is_in(browser):
    return browser.get(reverse("admin:index")).status_code == 200


@pytest.fixture
def codes(ines, clock):
    """Recovery codes of somebody who has set it up; the next code of the app is a new one."""
    recovery = set_up(with_password(), ines)
    clock.shift(timedelta(seconds=60))
    return recovery


def test_set_up_shows_key_and_picture_and_turns_on_with_a_code(ines):
    browser, other = with_password(), with_password()
    page = browser.get(SET_UP).content.decode()
    key = re.search(r'<code class="key" dir="ltr">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    picture = base64.b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)[1])

    assert base64.b32decode(key) == TOTPDevice.objects.get().bin_key
    assert b"<svg" in picture
    assert "img-src 'self' data:" in browser.get(SET_UP)["Content-Security-Policy"]
    assert device_of(ines) is None, "not before a code has shown that the app has the key"

    recovery = set_up(browser, ines)

    assert len(set(recovery)) == 10
    assert device_of(ines) is not None
    assert [is_in(browser), is_in(other)] == [True, False], "other sessions end"


@pytest.mark.parametrize("form", [{"password": PASSWORD, "code": "000000"}, {"password": "wrong"}, {"code": ""}, {}])
def test_set_up_needs_password_and_code(ines, form):
    browser = with_password()
    browser.get(SET_UP)
    browser.post(SET_UP, {"code": code_of(ines, confirmed=False)} | form)
    assert device_of(ines) is None


def test_the_password_alone_opens_nothing_and_the_code_opens_everything(ines, codes):
    browser = with_password(next=ACCOUNT)
    event = ines.assignments.get().event
    assert not is_in(browser)
    page = browser.get(LOGIN, {"next": ACCOUNT}).content.decode()
    assert 'id="login-form"' in page
    assert 'name="code"' in page
    assert desk_users([browser.session.session_key], event.pk) == {browser.session.session_key: LOGGED_OUT}

    answer = browser.post(LOGIN, {"code": code_of(ines), "next": ACCOUNT})

    assert (answer.status_code, answer["Location"]) == (302, ACCOUNT)
    assert is_in(browser)
    key = browser.session.session_key
    assert isinstance(desk_users([key], event.pk)[key], DeskUser)


def admin_addresses():
    """Yield the addresses of the URLconf, with 1 for whatever they take."""
    names = get_resolver().namespace_dict["admin"][1].reverse_dict
    for name in (name for name in names if isinstance(name, str)):
        for [(template, parameters), *_more], *_pattern in names.getlist(name):
            yield f"/admin/{template % dict.fromkeys(parameters, '1')}"


def test_every_address_of_the_admin_waits_for_the_code(ines, codes):
    browser = with_password()
    pages = {page for page in admin_addresses() if not re.search(r"/login/|/welcome/|^/admin/r/", page)}
    pages |= {ACCOUNT, SET_UP, "/admin/account/sign-ins/"}
    assert len(pages) > 40
    for page in pages:
        for method in (browser.get, browser.post):
            answer = method(page)
            assert answer.status_code in (302, 403), page
            assert answer.get("Location", LOGIN).split("?")[0] in (LOGIN, "/admin/"), page


def test_a_script_that_posts_is_told_to_log_in(ines, codes):
    browser = with_password()
    answer = browser.post(reverse("admin:updates_session"), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"state": "login"})


def test_a_code_works_once(ines, codes):
    code = code_of(ines)
    first, second = with_password(), with_password()
    first.post(LOGIN, {"code": code})
    answer = second.post(LOGIN, {"code": code})
    assert [is_in(first), is_in(second)] == [True, False]
    assert "This code is wrong." in answer.content.decode()


def test_a_recovery_code_works_once_however_it_is_typed(ines, codes):
    first, second = with_password(), with_password()
    first.post(LOGIN, {"code": f" {codes[0].upper().replace('-', ' ')} "})
    second.post(LOGIN, {"code": codes[0]})
    assert [is_in(first), is_in(second)] == [True, False]
    assert "9 recovery codes left" in first.get(SET_UP).content.decode()


def test_recovery_codes_are_not_stored(codes):
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == 10
    assert stored.isdisjoint({code.replace("-", "") for code in codes})


def test_new_recovery_codes_replace_the_old_ones(ines, codes):
    browser = with_password()
    browser.post(LOGIN, {"code": code_of(ines)})
    page = browser.post(SET_UP, {"password": PASSWORD, "_codes": "1"}).content.decode()
    assert len(re.findall(r"<code>[a-z2-7]{5}-[a-z2-7]{5}</code>", page)) == 10
    late = with_password()
    late.post(LOGIN, {"code": codes[0]})
    assert not is_in(late)


def test_guessing_is_slowed_down_listed_and_logged_without_the_code(ines, codes, clock, caplog):
    browser = with_password()
    first = browser.post(LOGIN, {"code": "123456"})
    second = browser.post(LOGIN, {"code": code_of(ines)})
    assert "This code is wrong." in first.content.decode()
    assert "Too many wrong codes. Wait 2 seconds and try again." in second.content.decode()
    clock.shift(timedelta(seconds=2))
    browser.post(LOGIN, {"code": code_of(ines)})
    assert is_in(browser)
    assert "Wrong code" in browser.get(ACCOUNT).content.decode()
    assert "Sign-in failed, wrong code: account 'ines', address 192.0.2.1" in caplog.text
    assert "123456" not in caplog.text


@pytest.mark.parametrize("code", ["", "0", "١٢٣٤٥٦", "abcdef", "x" * 5000, "\0", "12 34"])
@pytest.mark.long
@pytest.mark.once
def test_odd_codes_are_wrong_codes(ines, codes, code):
    browser = with_password()
    assert browser.post(LOGIN, {"code": code}).status_code == 200
    assert not is_in(browser)


def test_another_account_can_be_used_instead(ines, codes):
    browser = with_password()
    browser.post(LOGIN, {"_cancel": "1"})
    assert SESSION_KEY not in browser.session
    assert 'name="password"' in browser.get(LOGIN).content.decode()


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example/",
        pytest.param("//evil.example", marks=pytest.mark.once),
        pytest.param("javascript:alert(1)", marks=pytest.mark.once),
    ],
)
def test_the_code_leads_to_no_other_site(ines, codes, following):
    answer = with_password().post(LOGIN, {"code": code_of(ines), "next": following})
    assert answer["Location"] == f"{reverse('admin:index')}?start"


def test_a_one_time_link_does_not_replace_the_code(ines, codes, client):
    client.force_login(ines)  # as the page of a link does
    assert not is_in(client)


def test_turning_it_off_needs_the_password_and_ends_other_sessions(ines, codes):
    browser, other = with_password(), with_password()
    browser.post(LOGIN, {"code": code_of(ines)})
    other.post(LOGIN, {"code": codes[0]})
    browser.post(SET_UP, {"password": "wrong", "_off": "1"})
    assert device_of(ines) is not None
    browser.post(SET_UP, {"password": PASSWORD, "_off": "1"})
    assert device_of(ines) is None
    assert [is_in(browser), is_in(other)] == [True, False]


@pytest.mark.once
def test_guessing_the_password_on_that_page_locks_it(ines, clock):
    browser = with_password()
    clock.shift(timedelta(seconds=1))
    for _ in range(5):
        browser.post(SET_UP, {"password": "wrong", "code": "1"})
    assert browser.post(SET_UP, {"password": PASSWORD, "code": "1"}).status_code == 429


def test_the_operator_removes_it_and_ends_all_sessions(ines, codes, capsys, caplog):
    browser = with_password()
    browser.post(LOGIN, {"code": code_of(ines)})
    call_command("reset_second_factor", "ines")
    assert device_of(ines) is None
    assert not is_in(browser)
    assert is_in(with_password())
    assert "Second factor removed by the operator: account 'ines'" in caplog.text


def test_a_session_whose_factor_is_gone_is_not_verified(ines, codes, settings):
    settings.SECOND_FACTOR_FOR = ["editors"]
    browser = with_password()
    browser.post(LOGIN, {"code": code_of(ines)})
    event, key = ines.assignments.get().event, browser.session.session_key
    assert isinstance(desk_users([key], event.pk)[key], DeskUser)
    TOTPDevice.objects.all().delete()
    assert desk_users([key], event.pk) == {key: LOGGED_OUT}
    assert not is_in(browser)


def test_who_needs_one_and_has_none_sets_it_up_and_can_do_nothing_else(ines, settings):
    settings.SECOND_FACTOR_FOR = ["editors"]
    browser = with_password()
    event = ines.assignments.get().event
    key = browser.session.session_key
    assert desk_users([key], event.pk) == {key: LOGGED_OUT}
    for page in (reverse("admin:index"), ACCOUNT, reverse("admin:password_change")):
        answer = browser.get(page, follow=True)
        assert answer.request["PATH_INFO"] == SET_UP
        assert "Your account needs a second factor. Set it up to go on." in answer.content.decode()

    assert len(set_up(browser, ines)) == 10
    assert is_in(browser)
    assert "Turn off" not in browser.get(SET_UP).content.decode()
    browser.post(SET_UP, {"password": PASSWORD, "_off": "1"})
    assert device_of(ines) is not None


def test_who_does_not_need_one_is_not_asked(settings):
    settings.SECOND_FACTOR_FOR = ["superusers", "editors"]
    user = make_member(make_event(), username="noor")
    user.set_password(PASSWORD)
    user.save()
    assert is_in(with_password("noor"))


def test_keys_are_nowhere_in_the_admin(client):
    client.force_login(make_user(superuser=True))
    index = client.get(reverse("admin:index")).content.decode()
    assert "otp_totp" not in index
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
