"""Inviting people, and giving a link to those who have lost their password, without a shell."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from tests.factories import editor_of, make_editor, make_event, make_member, make_user
from updates import publishing
from updates.choices import Role
from updates.models import Change
from updates.permissions import EDITORS_GROUP, may_reset
from updates.publishing.people import Newcomer, invite, make_link

pytestmark = [pytest.mark.django_db, pytest.mark.long]

PASSWORD = "tide and gate 1953"


def people(event):
    return reverse("admin:updates_event_people", args=[event.pk])


def newcomer(username="ines", role="moderator", **more):
    return {"username": username, "first_name": "Ines", "last_name": "Calder", "role": role, "_invite": "1"} | more


def link_in(answer):
    return re.search(r'value="(http://testserver/[^"]+/welcome/#[^"]+)"', answer.content.decode())[1]


def open_link(browser, link):
    """Do what the page's script does: browsers keep what stands behind # to themselves."""
    page, _sharp, secret = link.partition("#")
    assert browser.get(page).status_code == 200
    return browser.post(page, {"link": f"#{secret}"}, follow=True)


def use(link, password=PASSWORD):
    browser = Client()
    form = open_link(browser, link)
    where = form.request["PATH_INFO"]
    return browser, browser.post(where, {"new_password1": password, "new_password2": password})


@pytest.fixture
def editor(client, event):
    client.force_login(editor_of(event))
    return client


@pytest.fixture
def noor(event):
    return invite(event.pk, Newcomer("noor"), editor_of(event)).user


def test_somebody_new_sets_a_password_and_is_at_the_desk_with_their_role(editor, event):
    link = link_in(editor.post(people(event), newcomer()))

    browser, answer = use(link)

    ines = get_user_model().objects.get(username="ines")
    first_page = browser.get(answer["Location"])
    assert (answer.status_code, first_page.status_code) == (302, 302)
    assert first_page["Location"] == reverse("admin:updates_event_desk", args=[event.pk])
    assert browser.get(reverse("admin:updates_event_change", args=[event.pk])).status_code == 200
    assert (ines.is_staff, ines.is_superuser, ines.get_full_name()) == (True, False, "Ines Calder")
    assert ines.assignments.get().role == Role.MODERATOR
    logged = Change.objects.filter(kind="invite").values_list("actor", "snapshot__user", "seq")
    assert list(logged) == [(editor_of(event).pk, ines.pk, None)]


def test_a_link_works_once_and_is_nowhere_kept(editor, event):
    link = link_in(editor.post(people(event), newcomer()))
    use(link)
    second = open_link(Client(), link).content.decode()
    assert (
        "This link no longer works. It was used, it has expired, a newer link replaced it, or your account has "
        "gained more rights." in second
    )
    assert link not in editor.get(people(event)).content.decode()
    assert not any(link.split("/")[-1] in str(change.snapshot) for change in Change.objects.all())


def test_a_link_ends(editor, event, settings):
    link = link_in(editor.post(people(event), newcomer()))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link no longer works" in open_link(Client(), link).content.decode()


def further_cases(*changes):
    return [pytest.param(change, marks=pytest.mark.once) for change in changes]


def made_superuser(user, event):
    user.is_superuser = True
    user.save()


def shut(user, event):
    user.is_active = False
    user.save()


def in_a_group(user, event):
    user.groups.add(Group.objects.get_or_create(name=EDITORS_GROUP)[0])


def taken_off(user, event):
    publishing.unassign(event.pk, user, editor_of(event))


def working_elsewhere(user, event):
    other = make_event()
    publishing.assign(other.pk, user, Role.CORRESPONDENT, editor_of(other))


def maker_taken_off(user, event):
    boss, other = editor_of(event), make_member(event, Role.EDITOR)
    publishing.unassign(event.pk, boss, other)


@pytest.mark.parametrize(
    "change",
    [
        taken_off,
        *further_cases(made_superuser, shut, in_a_group, working_elsewhere, maker_taken_off),
    ],
    ids=lambda it: it.__name__,
)
def test_a_link_ends_where_it_would_not_be_made_any_more(editor, event, noor, change):
    link, browser = link_in(editor.post(people(event), {"user": noor.pk, "_link": "1"})), Client()
    where = open_link(browser, link).request["PATH_INFO"]
    change(noor, event)

    browser.post(where, {"new_password1": PASSWORD, "new_password2": PASSWORD}, follow=True)
    answer = open_link(browser, link)

    noor.refresh_from_db()
    assert "This link no longer works" in answer.content.decode()
    assert not noor.check_password(PASSWORD)
    assert "_auth_user_id" not in browser.session


@pytest.mark.once
@pytest.mark.parametrize("change", [made_superuser, shut])
def test_so_does_an_administrators_link(client, event, noor, change):
    client.force_login(make_user(superuser=True))
    link = link_in(client.post(people(event), {"user": noor.pk, "_link": "1"}))
    change(noor, event)
    assert "This link no longer works" in open_link(Client(), link).content.decode()


@pytest.mark.once
def test_a_person_is_asked_for_by_a_number_that_can_be(editor, event):
    for user in ("9" * 30, "٣", "x", ""):
        assert editor.post(people(event), {"user": user, "_link": "1"}).status_code == 404


def test_a_weak_password_and_a_forged_link_open_nothing(editor, event):
    link = link_in(editor.post(people(event), newcomer()))
    _browser, weak = use(link, "ines")
    forged = open_link(Client(), f"{link[:-4]}abcd")
    assert weak.status_code == 200
    assert not get_user_model().objects.get(username="ines").has_usable_password()
    assert "This link no longer works" in forged.content.decode()


def test_a_name_is_written_as_the_login_form_reads_it(editor, event):
    link = link_in(editor.post(people(event), newcomer("ｉｎｅｓ")))
    use(link)
    assert Client().post(reverse("admin:login"), {"username": "ｉｎｅｓ", "password": PASSWORD}).status_code == 302


def test_a_name_that_is_taken_is_refused_and_nothing_is_lost(editor, event):
    make_user("ines")
    answer = editor.post(people(event), newcomer())
    assert "A user with that username already exists." in answer.content.decode()
    assert 'value="Calder"' in answer.content.decode()
    assert not Change.objects.filter(kind="invite").exists()


def test_a_member_gets_a_link_and_keeps_the_password_until_then(editor, event, noor):
    noor.set_password("as before")
    noor.save()
    link = link_in(editor.post(people(event), {"user": noor.pk, "_link": "1"}))
    noor.refresh_from_db()
    assert noor.check_password("as before")
    use(link)
    noor.refresh_from_db()
    assert noor.check_password(PASSWORD)


@pytest.mark.parametrize("first", ["invited", *further_cases("lost")])
def test_the_next_link_ends_the_one_before(editor, event, noor, first):
    if first == "invited":
        earlier = link_in(editor.post(people(event), newcomer()))
        user = get_user_model().objects.get(username="ines")
    else:
        user = noor
        earlier = link_in(editor.post(people(event), {"user": user.pk, "_link": "1"}))
    somebody_elses = link_in(editor.post(people(event), newcomer("mara")))

    later = link_in(editor.post(people(event), {"user": user.pk, "_link": "1"}))

    assert "This link no longer works" in open_link(Client(), earlier).content.decode()
    for link in (later, somebody_elses):
        assert use(link)[1].status_code == 302
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.once
@pytest.mark.parametrize("role", ["stranger", "correspondent", "moderator", "editor", "superuser"])
def test_who_invites(client, event, noor, role):
    match role:
        case "stranger":
            user = make_member(make_event(), Role.EDITOR)
        case "superuser":
            user = make_user(superuser=True)
        case _:
            user = make_member(event, Role(role))
    client.force_login(user)
    may = role in {"editor", "superuser"}
    expected = 200 if may else 404 if role == "stranger" else 403
    before = Change.objects.filter(kind="invite").count()

    answers = [client.post(people(event), form).status_code for form in (
        newcomer(), {"user": noor.pk, "_link": "1"},
    )]  # fmt: skip

    assert answers == [expected, expected]
    assert Change.objects.filter(kind="invite").count() - before == (2 if may else 0)


def elsewhere(event, editor):
    user = make_member(event)
    other = make_event()
    publishing.assign(other.pk, user, Role.CORRESPONDENT, editor_of(other))
    return user


def creates_events(event, editor):
    user = make_editor()
    publishing.assign(event.pk, user, Role.CORRESPONDENT, editor)
    return user


def administrator(event, editor):
    user = make_user(superuser=True)
    publishing.assign(event.pk, user, Role.CORRESPONDENT, editor)
    return user


@pytest.mark.once
def test_an_account_that_others_made_is_not_taken_over_by_assigning_it(editor, event):
    waiting = make_user("waiting")  # made by an administrator, who has not handed it over yet
    newcomer = invite(event.pk, Newcomer("ines"), editor_of(event)).user
    colleague = make_member(event, Role.EDITOR)
    publishing.assign(event.pk, waiting, Role.CORRESPONDENT, editor_of(event))

    answer = editor.post(people(event), {"user": waiting.pk, "_link": "1"})

    assert answer.status_code == 403
    assert "Only the person who invited this account, or an administrator, can reset it." in answer.content.decode()
    assert may_reset(colleague, event, newcomer), "until the first login, any editor renews an invitation"


@pytest.mark.once
@pytest.mark.parametrize("make", [elsewhere, creates_events, administrator])
def test_no_editor_takes_over_an_account_that_may_more(editor, event, make):
    boss = editor_of(event)
    user = make(event, boss)

    answer = editor.post(people(event), {"user": user.pk, "_link": "1"})

    assert answer.status_code == 403
    assert "Ask an administrator to reset it" in answer.content.decode()
    assert "welcome" not in answer.content.decode()
    assert may_reset(make_user(superuser=True), event, user)


def test_somebody_who_does_not_work_here_gets_no_link(editor, event):
    assert editor.post(people(event), {"user": make_user().pk, "_link": "1"}).status_code == 404


@pytest.mark.once
def test_an_operation_asks_for_itself(event, noor, tomas):
    with pytest.raises(Exception, match="Only an editor"):
        invite(event.pk, Newcomer("x"), tomas)
    with pytest.raises(Exception, match="Only an editor"):
        make_link(event.pk, noor, tomas)
