"""Passwords that are refused, without asking anybody on the network."""

import time
from contextlib import suppress

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

INES = User(username="icalder", first_name="Ines", last_name="Calder", email="ines@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "20262026",
        "2026202620262026",
        "tidegate1",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "Password1234",
        "P@ssw0rd2026",
        "ellerysignal",
        "Ellery Signal 26",
        "icalder2026",
        "calder-ines-1",
        "29.11.2026",
    ],
)
def test_password_that_is_guessed_early_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, INES)


@pytest.mark.parametrize(
    "password", ["tide and gate 1953", "vuhq-7tnd-k3xz", "بحر هادئ قمر بعيد", "correct horse battery staple"]
)
def test_other_passwords_are_accepted(password):
    validate_password(password, INES)


def test_name_of_the_site_is_read_from_the_settings(settings):
    validate_password("harbourgazette-x", INES)
    settings.SITE_NAME = "Harbour Gazette"
    with pytest.raises(ValidationError):
        validate_password("harbourgazette-x", INES)


@pytest.mark.parametrize("password", ["4@8({[</369&#!1/|0$5+7%2" * 200, "a1" * 2000, "qwerty" * 700])
def test_long_password_takes_no_longer(password):
    start = time.process_time()
    with suppress(ValidationError):
        validate_password(password, INES)
    assert time.process_time() - start < 3
