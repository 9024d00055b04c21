"""Where the secret of a one-time link goes, and for whose account an editor can make one."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.admin.test_admin_invitations import PASSWORD, link_in, newcomer, open_link, people, use
from tests.factories import editor_of, make_member, make_user
from updates.choices import Role
from updates.models import UserSession
from updates.permissions import may_reset
from updates.publishing.people import Newcomer, invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, event):
    client.force_login(editor_of(event))
    return client


def test_the_secret_of_a_link_is_in_no_address_that_the_server_sees(editor, event):
    link = link_in(editor.post(people(event), newcomer()))
    browser = Client()
    answer = open_link(browser, link)
    secret = link.rpartition("/")[2]
    seen = [answer.request["PATH_INFO"], *[address for address, _status in answer.redirect_chain]]
    assert not any(secret in address for address in seen)
    assert secret not in answer.content.decode()
    assert "Choose a password" in answer.content.decode()


def test_a_link_can_be_pasted_where_no_script_runs(editor, event):
    link = link_in(editor.post(people(event), newcomer()))
    answer = Client().post(link.partition("#")[0], {"link": f" {link}\n"}, follow=True)
    assert "Choose a password" in answer.content.decode()


@pytest.mark.once
@pytest.mark.parametrize(
    "link", ["", "#", "x", "#MQ/", "#MQ/abc-0123456789abcdef", "#é/é", "\0", "#" + "a" * 9000, "#1/2/3"]
)
def test_what_is_no_link_opens_nothing_and_leaves_no_session(link):
    browser = Client()
    answer = browser.post(reverse("admin:updates_welcome"), {"link": link}, follow=True)
    assert "This link no longer works" in answer.content.decode()
    assert not UserSession.objects.exists()


@pytest.mark.once
def test_no_editor_takes_over_an_account_by_assigning_it(editor, event):
    user = make_user("mara", password=PASSWORD, last_login=timezone.now())
    editor.post(people(event), {"user": user.pk, "role": "correspondent", "_assign": "1"})

    page = editor.get(people(event)).content.decode()
    answer = editor.post(people(event), {"user": user.pk, "_link": "1"})

    assert answer.status_code == 403
    assert "Only the person who invited this account, or an administrator, can reset it." in answer.content.decode()
    assert "One-time link</button>" not in page
    assert may_reset(make_user(superuser=True), event, user)


@pytest.mark.once
def test_who_invited_somebody_helps_them_later_and_another_editor_does_not(editor, event):
    use(link_in(editor.post(people(event), newcomer())))
    ines = get_user_model().objects.get(username="ines")
    other = make_member(event, Role.EDITOR)

    assert ines.last_login
    assert may_reset(editor_of(event), event, ines)
    assert not may_reset(other, event, ines)
    assert use(link_in(editor.post(people(event), {"user": ines.pk, "_link": "1"})))[1].status_code == 302


def test_a_link_made_before_the_first_login_ends_with_it(editor, event):
    noor = invite(event.pk, Newcomer("noor"), make_member(event, Role.EDITOR)).user
    link = link_in(editor.post(people(event), {"user": noor.pk, "_link": "1"}))
    noor.last_login = timezone.now()
    noor.save()

    assert "This link no longer works" in open_link(Client(), link).content.decode()
    assert editor.post(people(event), {"user": noor.pk, "_link": "1"}).status_code == 403
