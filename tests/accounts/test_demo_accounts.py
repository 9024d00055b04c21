"""Accounts of the demo where the demo is not installed."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from tests.browser.desk_page import session_cookie
from tests.factories import make_event, make_member
from updates.accounts.checks import check_demo_accounts, check_demo_is_absent
from updates.accounts.demo_accounts import DEMO_GROUP
from updates.choices import Role
from updates.live.desk.session import Rejection, desk_users

pytestmark = pytest.mark.django_db

PASSWORD = "vuhq-7tnd-k3xz"
WITHOUT_DEMO = [name for name in settings.INSTALLED_APPS if name != "updates.demo"]


@pytest.fixture
def account():
    user = make_member(make_event(), Role.EDITOR, "moderator")
    user.set_password(PASSWORD)
    user.save()
    user.groups.add(Group.objects.create(name=DEMO_GROUP))
    return user


def sign_in(client):
    return client.post(reverse("admin:login"), {"username": "moderator", "password": PASSWORD}).status_code


def test_with_the_demo_its_accounts_sign_in_and_a_check_warns(client, account):
    assert sign_in(client) == 302
    assert [warning.id for warning in check_demo_is_absent()] == ["liveblog.W001"]


@override_settings(INSTALLED_APPS=WITHOUT_DEMO)
def test_without_the_demo_its_accounts_are_shut_and_a_check_names_them(client, account, capsys):
    assert sign_in(client) == 200
    client.force_login(account)
    assert client.get(reverse("admin:index")).status_code == 302
    event = account.assignments.get().event
    session = session_cookie(account, "http://x")["value"]
    assert desk_users([session], event.pk) == {session: Rejection(4401, "logged out")}
    [warning] = check_demo_accounts(databases=["default"])
    assert (warning.id, "moderator" in warning.msg) == ("liveblog.W002", True)
    call_command("check", "--database", "default")
    assert warning.msg in capsys.readouterr().err


@override_settings(INSTALLED_APPS=WITHOUT_DEMO)
def test_account_that_was_taken_out_of_the_group_is_an_account_like_others(client, account):
    account.groups.clear()
    assert sign_in(client) == 302
    assert check_demo_accounts(databases=["default"]) == []
