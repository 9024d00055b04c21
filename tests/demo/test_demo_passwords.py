"""Random passwords, saved where only the owner can read them."""

import json
import stat

import pytest
from django.contrib.auth.models import User

from updates.demo.passwords import account_passwords
from updates.demo.people import ACCOUNTS, create_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    return tmp_path / "data" / "demo.json"


@pytest.fixture(autouse=True)
def accounts():
    for member in ACCOUNTS:
        create_account(member)


def test_every_account_gets_a_password_of_its_own_that_works(file):
    passwords = account_passwords(file)

    assert passwords.keys() == {"editor", "moderator", "correspondent"}
    assert len(set(passwords.values())) == 3
    assert all(User.objects.get(username=name).check_password(word) for name, word in passwords.items())


def test_only_the_owner_may_read_the_file(file):
    account_passwords(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_next_start_shows_the_same(file):
    assert account_passwords(file) == account_passwords(file)


def test_new_database_gets_the_passwords_that_are_known_already(file):
    before = account_passwords(file)
    for user in User.objects.all():
        user.set_unusable_password()
        user.save()

    assert account_passwords(file) == before
    assert User.objects.get(username="editor").check_password(before["editor"])


def test_password_that_its_owner_has_changed_is_not_touched(file):
    account_passwords(file)
    editor = User.objects.get(username="editor")
    editor.set_password("my own")
    editor.save()

    assert account_passwords(file)["editor"] is None
    editor.refresh_from_db()
    assert editor.check_password("my own")


def test_lost_file_means_new_passwords(file):
    before = account_passwords(file)
    file.unlink()

    after = account_passwords(file)

    assert after.keys() == before.keys()
    assert not set(after.values()) & set(before.values())


def test_file_names_nobody_else(file):
    file.parent.mkdir()
    file.write_text(json.dumps({"stranger": {"password": "x", "encoded": "y"}}))

    assert "stranger" not in account_passwords(file)
