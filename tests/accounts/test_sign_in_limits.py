"""Wrong passwords: counted, logged and answered."""

import json
import logging
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessFailureLog, AccessLog
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_user
from updates.accounts.addresses import client_address
from updates.accounts.sign_in_limits import ACCOUNT_LIMIT, ADDRESS_LIMIT, LISTED_FOR, PAIR_LIMIT, WINDOW

pytestmark = [pytest.mark.django_db, pytest.mark.long]

WRONG = "wrong"
PASSWORD = "tide and gate 1953"


def sign_in(username="ines", password=WRONG, address="192.0.2.1"):
    data = {"username": username, "password": password, "next": "/admin/"}
    return Client(REMOTE_ADDR=address).post(reverse("admin:login"), data)


@pytest.fixture(autouse=True)
def ines():
    return make_user("ines", password=PASSWORD)


def test_five_failures_of_an_account_from_an_address_lock_that_pair_only():
    make_user("mara", password=PASSWORD)
    assert [sign_in().status_code for _ in range(PAIR_LIMIT)] == [200] * PAIR_LIMIT

    assert sign_in(password=PASSWORD).status_code == 429, "the right password is not tried either"
    assert sign_in("mara", PASSWORD).status_code == 302
    assert sign_in(password=PASSWORD, address="192.0.2.2").status_code == 302


def test_a_refusal_says_what_to_do_and_when():
    for _ in range(PAIR_LIMIT):
        sign_in()
    refusal = sign_in(password=PASSWORD)

    assert 0 < int(refusal["Retry-After"]) <= WINDOW.total_seconds()
    assert "Too many failed attempts to log in. Wait 15 minutes and try again." in refusal.content.decode()
    assert 'id="login-form"' in refusal.content.decode(), "the desk’s dialog shows the same form"
    assert PASSWORD not in refusal.content.decode()


@pytest.mark.once
def test_an_unknown_account_is_answered_alike():
    answers = [[sign_in(name).status_code for _ in range(PAIR_LIMIT + 1)] for name in ("ines", "nobody")]
    assert answers[0] == answers[1]


@pytest.mark.long
def test_the_lock_ends_after_its_time_and_further_attempts_do_not_prolong_it():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(PAIR_LIMIT):
            sign_in()
        for _ in range(10):
            clock.shift(timedelta(seconds=60))
            assert sign_in().status_code == 429
        clock.shift(WINDOW - timedelta(seconds=600))
        assert sign_in(password=PASSWORD).status_code == 302


@pytest.mark.once
def test_a_success_forgives_the_failures_before_it():
    for _ in range(3):
        for _ in range(PAIR_LIMIT - 1):
            sign_in()
        assert sign_in(password=PASSWORD).status_code == 302


def test_wrong_old_passwords_count_as_failed_logins(caplog):
    browser = Client(REMOTE_ADDR="192.0.2.1")
    browser.post(reverse("admin:login"), {"username": "ines", "password": PASSWORD})
    new = {"new_password1": "barges under bridges 7", "new_password2": "barges under bridges 7"}

    def change(old):
        return browser.post(reverse("admin:password_change"), new | {"old_password": old}).status_code

    assert [change(""), *(change(WRONG) for _ in range(PAIR_LIMIT))] == [200] * (PAIR_LIMIT + 1)
    assert change(PASSWORD) == 429, "the right one is not tried either"
    assert caplog.text.count("Sign-in failed, wrong password: account 'ines', address 192.0.2.1") == PAIR_LIMIT
    assert sign_in(password=PASSWORD).status_code == 429


@pytest.mark.once
@pytest.mark.long
def test_one_address_tries_no_more_than_fifty_accounts():
    answers = [sign_in(f"account{number}").status_code for number in range(ADDRESS_LIMIT + 1)]
    assert answers == [200] * ADDRESS_LIMIT + [429]
    assert sign_in(password=PASSWORD).status_code == 429
    assert sign_in(password=PASSWORD, address="192.0.2.2").status_code == 302


@pytest.mark.once
@pytest.mark.long
def test_many_addresses_cannot_go_on_guessing_and_do_not_lock_out_the_owner():
    home = "198.51.100.7"
    assert sign_in(password=PASSWORD, address=home).status_code == 302

    answers = [sign_in(address=f"192.0.2.{number}").status_code for number in range(1, ACCOUNT_LIMIT + 5)]

    assert answers == [200] * ACCOUNT_LIMIT + [429] * 4
    assert sign_in(password=PASSWORD, address="192.0.2.99").status_code == 429
    assert sign_in(password=PASSWORD, address=home).status_code == 302


@pytest.mark.once
def test_an_ipv6_network_counts_as_one_address():
    answers = [sign_in(address=f"2001:db8:0:1::{number}").status_code for number in range(1, PAIR_LIMIT + 2)]
    assert answers == [200] * PAIR_LIMIT + [429]
    assert sign_in(password=PASSWORD, address="2001:db8:0:2::1").status_code == 302


@pytest.mark.once
@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("", None),
        ("unix:", None),
    ],
)
def test_address_of_a_request(rf, sent, counted):
    assert client_address(rf.get("/", REMOTE_ADDR=sent)) == counted


def test_each_failure_is_one_line_without_the_password(caplog):
    caplog.set_level(logging.INFO)
    sign_in("ines", "hunter2-secret")
    sign_in("in\nes", "hunter2-secret")
    for _ in range(PAIR_LIMIT):
        sign_in("ines", "hunter2-secret")

    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    failed = "Sign-in failed, wrong password: account 'ines', address 192.0.2.1"
    assert lines == [
        failed,
        "Sign-in failed, wrong password: account 'in\\nes', address 192.0.2.1",
        *[failed] * (PAIR_LIMIT - 1),
        "Sign-in refused, too many failures: account 'ines', address 192.0.2.1",
    ]
    rows = [*AccessFailureLog.objects.values(), *AccessLog.objects.values()]
    assert "hunter2" not in caplog.text + json.dumps(rows, default=str)


def test_each_log_in_is_one_line(caplog, ines):
    caplog.set_level(logging.INFO)
    assert sign_in(password=PASSWORD).status_code == 302
    assert caplog.text.count("Logged in: account 'ines', address 192.0.2.1") == 1


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["axes_reset_username", "ines"], marks=pytest.mark.once),
        pytest.param(["axes_reset_ip", "192.0.2.1"], marks=pytest.mark.once),
        ["axes_reset"],
    ],
)
def test_the_operator_ends_a_lock(command, capsys):
    for _ in range(PAIR_LIMIT):
        sign_in()
    call_command(*command)
    assert sign_in(password=PASSWORD).status_code == 302


def test_old_records_are_deleted_at_a_sign_in():
    with time_machine.travel(timezone.now() - LISTED_FOR - timedelta(days=1)):
        sign_in()
        sign_in(password=PASSWORD)
    sign_in(password=PASSWORD)
    assert (AccessFailureLog.objects.count(), AccessLog.objects.count()) == (0, 1)


@pytest.mark.once
def test_an_address_of_a_proxy_header_is_not_believed():
    for number in range(PAIR_LIMIT):
        forged = Client(REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": f"10.0.0.{number}"})
        forged.post(reverse("admin:login"), {"username": "ines", "password": WRONG})
    assert sign_in(password=PASSWORD).status_code == 429
