"""Names, titles and times at the desk: a person's own name, an update's own words, the live blog's own clock."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.admin.desk_forms import desk_address
from tests.factories import editor_of, make_event, make_member, make_user, post
from updates import publishing
from updates.choices import Role
from updates.models import Person
from updates.publishing import EntryContent, EntryInput, TextContent

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def named(event, role, username, first, last):
    user = make_member(event, role, username)
    user.first_name, user.last_name = first, last
    user.save()
    return user


def page(client, user, address):
    client.force_login(user)
    return " ".join(client.get(address).content.decode().split())


def entry_page(name, entry):
    return reverse(f"admin:updates_entry_{name}", args=[entry.pk])


def test_the_page_of_a_removed_update_names_who_removed_it_and_who_wrote_it(client, event):
    noor = named(event, Role.CORRESPONDENT, "noor", "Noor", "Hadad")
    ines = named(event, Role.MODERATOR, "ines", "Ines", "Calder")
    entry = post(event, text="<p>The gate leaks.</p>", author=noor)
    publishing.remove(entry.pk, ines)
    html = page(client, ines, entry_page("change", entry))
    assert "by Ines Calder" in html
    assert "written by Noor Hadad" in html
    assert "<h1>The gate leaks.</h1>" in html
    assert "without a headline" not in html


def test_an_update_without_a_headline_is_called_by_its_first_words(client, event):
    entry = post(event, text="<p>The gate leaks.</p>")
    for address in (entry_page("history", entry), reverse("admin:updates_change_changelist")):
        html = page(client, editor_of(event), address)
        assert "The gate leaks." in html
        assert "without a headline" not in html
        assert [link for link in re.findall(r"<a [^>]*>\s*</a>", html) if "title=" not in link] == []


def test_history_versions_and_drafts_show_the_live_blogs_clock(client):
    event = make_event(time_zone="Asia/Kolkata")
    entry = post(event, "First", at=NOON)
    publishing.edit(entry.pk, EntryContent("Second", (TextContent("<p>x</p>"),)), editor_of(event), at=NOON)
    assert "17:30:00" in page(client, editor_of(event), entry_page("history", entry))
    version = entry.changes.order_by("desk_seq").first().desk_seq
    address = reverse("admin:updates_entry_version", args=[entry.pk, version])
    assert "17:30:00" in page(client, editor_of(event), address)
    publishing.save_draft(EntryInput(event.pk, EntryContent("A draft")), editor_of(event), at=NOON)
    html = page(client, editor_of(event), desk_address(event))
    assert re.search(r"2 Mar( 2026)?, 17:30", html.partition('class="my-drafts"')[2])


def test_an_account_made_by_an_administrator_can_be_assigned_and_log_in(client, event):
    root = make_user(superuser=True)
    client.force_login(root)
    new = {"username": "lena", "first_name": "Lena", "last_name": "Brandt", "usable_password": "true"}
    client.post(reverse("admin:auth_user_add"), new | {"password1": "tide-and-gate-4", "password2": "tide-and-gate-4"})
    lena = get_user_model().objects.get(username="lena")
    assert (lena.is_staff, lena.get_full_name()) == (True, "Lena Brandt")

    old = get_user_model().objects.create_user("old", password="tide-and-gate-5")
    publishing.assign(event.pk, old, Role.CORRESPONDENT, editor_of(event))
    old.refresh_from_db()
    assert old.is_staff
    client.force_login(old)
    assert client.get(desk_address(event)).status_code == 200


def test_an_account_needs_a_name_and_its_username_is_never_published(client, event):
    client.force_login(make_user(superuser=True))
    new = {
        "username": "lena",
        "usable_password": "true",
        "password1": "tide-and-gate-4",
        "password2": "tide-and-gate-4",
    }
    assert "This field is required" in client.post(reverse("admin:auth_user_add"), new).content.decode()

    nameless = make_member(event, Role.MODERATOR, "login7")
    assert post(event, "Gate holds", author=nameless).content["bylines"] == []
    assert "Your account has no name" in page(client, nameless, desk_address(event))
    client.post(reverse("account"), {"_name": "1", "first_name": " Lena ", "last_name": "Brandt"})
    assert "Your account has no name" not in page(client, nameless, desk_address(event))
    nameless.refresh_from_db()
    assert [by["name"] for by in post(event, "It holds", author=nameless).content["bylines"]] == ["Lena Brandt"]


def test_log_and_live_blog_show_names_and_not_usernames(client, event):
    ines = named(event, Role.MODERATOR, "login8", "Ines", "Calder")
    noor = named(event, Role.CORRESPONDENT, "login9", "Noor", "Hadad")
    post(event, "Gate holds", author=ines)
    log = page(client, noor, reverse("admin:updates_change_changelist"))
    assert "Ines Calder" in log
    assert "login8" not in log
    about = page(client, noor, reverse("admin:updates_event_change", args=[event.pk]))
    assert "Ines Calder" in about
    assert "login8" not in about


def test_an_unknown_address_of_the_desk_is_a_page_of_the_desk(client, event):
    html = page(client, editor_of(event), "/admin/updates/entry/999999/change/")
    assert "There is nothing here" in html
    assert 'id="user-tools"' in html
    client.logout()
    assert 'id="user-tools"' not in client.get("/no-such-page/").content.decode()


@pytest.mark.parametrize("name", ["auth_user", "updates_person"])
def test_a_list_has_empty_cells_where_nothing_is_known(admin_client, name):
    """On a phone each cell is a line of a card, and an empty one is left out."""
    make_user("noor")
    Person.objects.create(name="Noor Hadad")
    html = admin_client.get(reverse(f"admin:{name}_changelist")).content.decode()
    assert re.search(r'<td class="field-[a-z_]+"></td>', html)
    assert ">-</td>" not in html
