"""Who reaches which page of the desk, and who does not."""

import re

import pytest
from django.urls import reverse

from tests.admin.desk_forms import add_address, buttons, change_address, desk_address, entry_form, list_address
from tests.factories import editor_of, make_editor, make_event, make_member, make_user, post
from updates import publishing
from updates.choices import Role
from updates.models import Entry
from updates.publishing import EntryContent

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

WHO = ["reader", "stranger", "other", "correspondent", "moderator", "editor", "superuser"]


@pytest.fixture(params=WHO)
def role(request):
    return request.param


@pytest.fixture
def entry(event, noor):
    return post(event, "Noor's", author=noor)


@pytest.fixture
def browser(client, event, role):
    client.force_login(somebody(role, event))
    return client


def somebody(role, event):
    match role:
        case "reader":
            user = make_user()
            user.is_staff = False
            user.save()
            return user
        case "stranger":
            return make_user()
        case "other":
            return make_member(make_event(title="Another"), Role.MODERATOR)
        case "superuser":
            return make_user(superuser=True)
    return make_member(event, Role(role))


def answers(role, **by_role):
    """``reader`` is sent to the login (302) and strangers see nothing unless it is said otherwise."""
    return {"reader": 302, "stranger": 404, "other": 404} | dict.fromkeys(WHO[3:], 200) | by_role


def first_of(entry):
    return entry.changes.order_by("desk_seq").first().desk_seq


PAGES = {
    "event": (lambda event, entry: reverse("admin:updates_event_change", args=[event.pk]), {}),
    "people": (
        lambda event, entry: reverse("admin:updates_event_people", args=[event.pk]),
        {"correspondent": 403, "moderator": 403},
    ),
    "postpone": (
        lambda event, entry: reverse("admin:updates_event_state", args=[event.pk, "postpone"]),
        {"correspondent": 403},
    ),
    "post": (lambda event, entry: add_address(event), {}),
    "entry": (lambda event, entry: change_address(entry), {}),
    "remove": (lambda event, entry: reverse("admin:updates_entry_remove", args=[entry.pk]), {"correspondent": 403}),
    "correct": (lambda event, entry: reverse("admin:updates_entry_correct", args=[entry.pk]), {}),
    "time": (lambda event, entry: reverse("admin:updates_entry_time", args=[entry.pk]), {"correspondent": 403}),
    "history": (lambda event, entry: reverse("admin:updates_entry_history", args=[entry.pk]), {}),
    "version": (
        lambda event, entry: reverse("admin:updates_entry_version", args=[entry.pk, first_of(entry)]),
        {"correspondent": 403},
    ),
    "log of an entry": (
        lambda event, entry: reverse("admin:updates_entry_log", args=[entry.pk, "csv"]),
        {"correspondent": 403, "moderator": 403},
    ),
    "log of an event": (
        lambda event, entry: reverse("admin:updates_event_log", args=[event.pk, "json"]),
        {"correspondent": 403, "moderator": 403},
    ),
    "entries": (lambda event, entry: list_address(event), {"stranger": 403, "other": 200}),
    "log": (
        lambda event, entry: f"{reverse('admin:updates_change_changelist')}?event__id__exact={event.pk}",
        {"stranger": 403, "other": 200},
    ),
    "new event": (
        lambda event, entry: reverse("admin:updates_event_add"),
        {"stranger": 403, "other": 403, "correspondent": 403, "moderator": 403, "editor": 403},
    ),
    "persons": (
        lambda event, entry: reverse("admin:updates_person_changelist"),
        {"stranger": 403, "other": 403, "correspondent": 403, "moderator": 403},
    ),
}


def test_pages(browser, role, event, entry):
    statuses = {page: browser.get(address(event, entry)).status_code for page, (address, _) in PAGES.items()}

    assert statuses == {page: answers(role, **exceptions)[role] for page, (_, exceptions) in PAGES.items()}


def test_lists_hold_ones_own_live_blogs_only(browser, role, event, entry):
    pages = ["updates_event_changelist", "updates_entry_changelist", "updates_change_changelist"]

    seen = ["Storm Maren" in browser.get(reverse(f"admin:{page}")).content.decode() for page in pages[:1]]
    seen += ["Noor&#x27;s" in browser.get(reverse(f"admin:{page}")).content.decode() for page in pages[1:]]

    assert seen == [role in WHO[3:]] * 3


def test_publishing(browser, role, event):
    answer = browser.post(add_address(event), entry_form("Head"))

    assert answer.status_code == (302 if role in {"reader", *WHO[3:]} else 403)
    assert Entry.objects.count() == (role in WHO[3:])


def test_changing_somebody_elses_update(browser, role, entry):
    answer = browser.post(change_address(entry), entry_form("Mine now", version=entry.version))

    may = role in {"moderator", "editor", "superuser"}
    entry.refresh_from_db()
    assert answer.status_code == answers(role, correspondent=403, moderator=302, editor=302, superuser=302)[role]
    assert entry.headline == ("Mine now" if may else "Noor's")


@pytest.mark.parametrize("is_removed", [False, True])
@pytest.mark.parametrize("role", ["stranger", "other"], indirect=True)
def test_strangers_learn_nothing_of_an_update_by_sending_its_form(browser, event, entry, is_removed):
    if is_removed:
        publishing.remove(entry.pk, editor_of(event))

    for sent in ({}, entry_form("Mine now", version=entry.version)):
        answer = browser.post(change_address(entry), sent)
        assert answer.status_code == 404
        assert "Noor" not in answer.content.decode()


def test_a_writer_who_was_taken_off_gets_back_what_they_sent_and_no_more(client, event, entry, noor):
    publishing.edit(entry.pk, EntryContent("Changed by the desk"), editor_of(event))
    publishing.unassign(event.pk, noor, editor_of(event))
    client.force_login(noor)

    answer = client.post(change_address(entry), entry_form("My words", version=entry.version))

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "My words" in page
    assert "Changed by the desk" not in page
    assert "Storm Maren" not in page


SENT = {
    "correct": (entry_form("Mine now"), {"correction": "it was wrong", "note_is": "correction"}),
    "time": ({}, {"time": "2025-01-01T12:00"}),
    "up": ({}, {}),
    "down": ({}, {}),
    "version": ({}, {"note": "the first was right"}),
}


@pytest.mark.parametrize("action", SENT)
@pytest.mark.long
def test_what_is_sent_to_the_address_itself(browser, role, event, entry, action):
    below, _above = (post(event, words, author=editor_of(event)) for words in ("Below it", "Above it"))
    publishing.move(entry.pk, editor_of(event), above=below.pk)
    publishing.edit(entry.pk, EntryContent("Edited"), editor_of(event))
    entry.refresh_from_db()
    last = entry.seq
    arguments = [entry.pk, first_of(entry)] if action == "version" else [entry.pk]
    form, more = SENT[action]

    answer = browser.post(
        reverse(f"admin:updates_entry_{action}", args=arguments), form | more | {"version": entry.version}
    )

    may = role in {"moderator", "editor", "superuser"}
    entry.refresh_from_db()
    assert answer.status_code == answers(role, correspondent=403, moderator=302, editor=302, superuser=302)[role]
    assert (entry.seq > last) == may


@pytest.mark.parametrize("action", ["pin", "key", "remove"])
def test_row_actions(browser, role, entry, action):
    answer = browser.post(reverse(f"admin:updates_entry_{action}", args=[entry.pk]), {"reason": "Wrong"})

    may = role in {"moderator", "editor", "superuser"}
    entry.refresh_from_db()
    done = {"pin": entry.is_pinned, "key": entry.is_key, "remove": entry.is_removed}[action]
    assert answer.status_code == answers(role, correspondent=403, moderator=302, editor=302, superuser=302)[role]
    assert done == may


def test_state_buttons(browser, role, event):
    answer = browser.post(reverse("admin:updates_event_state", args=[event.pk, "end"]))

    event.refresh_from_db()
    assert answer.status_code == answers(role, correspondent=403, moderator=302, editor=302, superuser=302)[role]
    assert event.has_ended == (role in {"moderator", "editor", "superuser"})


def test_somebody_elses_update_is_shown_without_a_form(client, event, entry):
    client.force_login(make_member(event))

    page = client.get(change_address(entry)).content.decode()

    assert ("Noor&#x27;s" in page, "entry_form" in page, 'class="btn go"' in page) == (True, False, False)


def test_controls_without_the_right_are_absent(client, event, entry, noor):
    client.force_login(noor)

    page = client.get(list_address(event)).content.decode()

    assert [f"/{action}/" in page for action in ("pin", "key", "remove")] == [False, False, True]


def test_where_correspondents_may_not_publish_the_form_submits(client):
    event = make_event(direct_publishing=False)
    client.force_login(make_member(event))

    page = client.get(reverse("admin:updates_event_change", args=[event.pk])).content.decode()

    assert buttons(client.get(add_address(event))) == ["_submit", "_draft"]
    assert f'{desk_address(event)}"' in page


def test_a_refused_page_says_why(client, event):
    client.force_login(make_member(make_event()))

    answer = client.get(add_address(event))

    assert answer.status_code == 404
    assert "you are not assigned to this live blog. Ask one of its editors." in answer.content.decode()


def test_moderators_have_no_settings(client, event, tomas):
    client.force_login(tomas)

    form = client.get(reverse("admin:updates_event_change", args=[event.pk])).context["adminform"].form

    hidden = {"slug", "language", "time_zone", "page_size", "shows_ads", "shows_reader_count", "is_listed"}
    hidden |= {"shows_writing", "ended_oldest_first", "ends_after", "embed_sites", "direct_publishing"}
    assert hidden.isdisjoint(form.fields)
    assert {"title", "standfirst", "key_points", "sensitive", "lead_picture"} <= set(form.fields)


def test_members_of_editors_create_live_blogs(client):
    client.force_login(make_editor())

    assert client.get(reverse("admin:updates_event_add")).status_code == 200
    assert client.get(reverse("admin:updates_person_add")).status_code == 200


def test_correspondents_find_their_live_blogs_on_the_index(client, noor):
    client.force_login(noor)

    models = client.get(reverse("admin:index")).context["app_list"][0]["models"]

    assert [model["object_name"] for model in models] == ["Change", "Event", "Entry"]


def test_the_first_page_leads_to_the_desks_of_ones_own_live_blogs(client, event, noor):
    upcoming, ended = make_event(status="upcoming"), make_event(status="ended")
    for other in (upcoming, ended):
        publishing.assign(other.pk, noor, Role.CORRESPONDENT, editor_of(other))
    make_event(title="Somebody else's")
    client.force_login(noor)

    page = client.get(reverse("admin:index")).content.decode()

    section = page.partition("data-own-live-blogs")[2].partition("</section>")[0]
    desks = [reverse("admin:updates_event_desk", args=[each.pk]) for each in (event, upcoming, ended)]
    report = reverse("admin:updates_event_report", args=[ended.pk])
    assert re.findall(r'href="([^"]+)"', section) == [
        desks[0], f"{desks[0]}#write", desks[1], f"{desks[1]}#write", desks[2], report,
    ]  # fmt: skip


def test_editor_of_one_event_is_nobody_in_another(client, event):
    other = make_event()
    client.force_login(editor_of(other))

    assert client.get(reverse("admin:updates_event_change", args=[event.pk])).status_code == 404
