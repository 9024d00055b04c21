"""The page that compares two versions of an update tells the truth, and its buttons do what they say."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from tests.admin.desk_forms import add_address, buttons, change_address, controls, entry_form, photo, text
from tests.factories import editor_of, make_event, make_member, picture_file, post
from updates import publishing
from updates.choices import EntryStatus, Role
from updates.models import Entry, Image
from updates.publishing import EntryContent, EntryInput, EventDetails, TextContent

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

JSON = {"Accept": "application/json"}


def content(headline, html="<p>Still</p>"):
    return EntryContent(headline, (TextContent(html),))


def words(html):
    """Text as it is read, its marks kept."""
    return " ".join(re.sub(r"<(?!/?(?:del|ins)\b)[^>]*>", " ", html).split())


@pytest.fixture
def phone_draft(desk, event, noor):
    """Begun on a phone, and continued on a laptop since."""
    desk.post(add_address(event), entry_form("From the phone", text("<p>Gate holds</p>"), _autosave="1"), headers=JSON)
    entry = Entry.objects.get()
    laptop = EntryInput(event.pk, content("From the laptop", "<p>Gate leaks</p>"), entry.pk, version=entry.version)
    publishing.save_draft(laptop, noor)
    return Entry.objects.get()


def test_an_autosave_that_arrives_late_changes_nothing(desk, event):
    def send(headline, number, **button):
        return desk.post(add_address(event), entry_form(headline, number=number, **button), headers=JSON).json()

    send("Gate holds", 4, _draft="1")
    late = send("Gate", 3, _autosave="1")
    assert (late["state"], late["entry"]["status"], late["entry"]["version"]) == ("sent", "draft", 1)
    assert Entry.objects.get().headline == "Gate holds"

    discard = reverse("admin:updates_event_discard_copy", args=[event.pk])
    desk.post(discard, {"key": "key-1", "number": "6"}, headers=JSON)
    send("Gate", 5, _autosave="1")
    assert Entry.objects.get().status == EntryStatus.DISCARDED


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30])
def test_a_forged_number_of_a_save_is_refused(desk, event, number):
    answer = desk.post(add_address(event), entry_form("Gate", number=number, _draft="1"), headers=JSON)
    assert answer.status_code == 422
    assert not Entry.objects.exists()


def test_a_draft_continued_elsewhere_is_not_called_published(desk, event, phone_draft):
    form = entry_form("From the phone", text("<p>Gate holds</p>"), _publish="1")
    response = desk.post(add_address(event), form, headers=JSON).json()
    page = desk.post(add_address(event), form).content.decode()

    assert (response["instead"], response["replaces"]) == ({}, "over-2")
    assert "noor saved it at " in response["reason"]
    for answer in (words(response["other"]), words(page)):
        assert "The newer draft noor · " in answer
        assert "It is not published. Take its changes into your text below, or replace it with yours." in answer
        assert "What was already published" not in answer
    assert change_address(phone_draft) in response["other"]
    assert Entry.objects.get().status == EntryStatus.DRAFT


def test_only_a_button_of_its_own_replaces_the_newer_draft(desk, event, phone_draft):
    form = entry_form("From the phone", text("<p>Gate holds</p>"), _publish="1")
    refused = desk.post(add_address(event), form)

    second = desk.post(add_address(event), controls(refused) | {"_publish": "1"})
    assert Entry.objects.get().headline == "From the laptop"
    page = second.content.decode()
    assert 'name="_publish" value="over-2" data-replace>Replace your other version</button>' in page
    assert "data-send" not in page
    desk.post(add_address(event), controls(second) | {"_publish": "over-2"})

    assert [(entry.status, entry.headline) for entry in Entry.objects.all()] == [("published", "From the phone")]


def test_words_that_only_one_side_has_are_marked(desk, event, phone_draft):
    form = entry_form("From the phone", text("<p>Gate holds</p>"), _draft="1")
    rows = re.findall(
        r"<tr class.*?</tr>", desk.post(add_address(event), form, headers=JSON).json()["other"], re.DOTALL
    )
    assert [words(row) for row in rows[:2]] == [
        "From the <del>laptop</del> From the <ins>phone</ins>",
        "Gate <del>leaks</del> Gate <ins>holds</ins>",
    ]


def test_pictures_of_both_sides_are_seen(desk, event, noor):
    desk.post(add_address(event), entry_form("Gate", photo(picture_file()), _draft="1"))
    entry = Entry.objects.get()
    values = controls(desk.get(change_address(entry)))
    saved = publishing.read_content(entry)
    publishing.save_draft(EntryInput(event.pk, replace(saved, headline="Gate leaks"), entry.pk), noor)

    response = desk.post(change_address(entry), values | {"headline": "Gate holds", "_draft": "1"}, headers=JSON).json()

    (picture,) = Image.objects.all()
    seen = re.findall(r'<td><img src="([^"]+)" alt="Picture"></td>', response["other"])
    assert seen == [reverse("admin:updates_picture", args=[picture.public_id])] * 2


@pytest.fixture
def reviewed(client, event, noor, tomas):
    """A submitted change that its writer has changed while a moderator had it open."""
    entry = post(event, "Gate holds", author=noor)
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), editor_of(event))
    publishing.propose(entry.pk, content("Gate leaks"), noor)
    client.force_login(tomas)
    page = client.get(reverse("admin:updates_entry_review", args=[entry.pk]), follow=True)
    publishing.propose(entry.pk, content("Gate gives way"), noor)
    return entry, controls(page) | {"_approve_change": "1"}


def test_a_change_that_its_writer_changed_meanwhile_is_shown_and_approved_by_a_button_of_its_own(client, reviewed):
    entry, form = reviewed
    address = f"{change_address(entry)}?revision=1"
    response = client.post(address, form, headers=JSON).json()
    page = client.post(address, form)

    assert response["reason"].startswith("Its author has changed it since you opened it.")
    assert (response["instead"], response["replaces"]) == ({}, "over-revision-2")
    for answer in (response["other"], page.content.decode()):
        assert "Gate <del>gives way</del>" in answer
        assert "Publish it instead of the author’s newer text" in answer
        assert "Replace noor’s version" in (response["buttons"], page.content.decode())[answer != response["other"]]
    assert client.post(address, form, headers=JSON).json()["state"] == "refused"
    second = client.post(address, form | {"_approve_change": response["replaces"]}, headers=JSON).json()
    assert second["state"] == "sent"
    assert Entry.objects.get().content["headline"] == "Gate leaks"


def test_what_is_out_is_not_written_over_by_approving_again(client, reviewed):
    """The moderator has seen the writer's newer words, but not what somebody has published in the meantime."""
    entry, form = reviewed
    publishing.edit(entry.pk, content("Gate is dry"), editor_of(entry.event))
    address = f"{change_address(entry)}?revision=1"
    response = client.post(address, form, headers=JSON).json()

    second = client.post(address, form | {"_approve_change": response["replaces"]}, headers=JSON).json()

    assert second["state"] == "refused"
    assert "Gate <del>is dry</del>" in second["other"]
    assert (second["instead"], second["replaces"]) == ({"revision_version": "2"}, "over-2")
    last = client.post(address, form | second["instead"] | {"_approve_change": second["replaces"]}, headers=JSON)
    assert last.json()["state"] == "sent"


def test_published_from_its_form_twice_with_other_words_it_can_still_be_changed(desk, event, noor):
    """The words of the second are refused with those of the first, and take their place when sent again."""
    entry = publishing.save_draft(EntryInput(event.pk, content("Gate")), noor).entry
    values = controls(desk.get(change_address(entry)))
    desk.post(change_address(entry), values | {"headline": "Gate holds", "_publish": "1"})

    refused = desk.post(change_address(entry), values | {"headline": "Gate leaks", "_publish": "1"})

    assert "Gate <del>holds</del>" in refused.content.decode()
    assert "publish again" not in refused.content.decode()
    replace_it = re.search(r'name="(_\w+)" value="(over-\d+)"', refused.content.decode())
    desk.post(change_address(entry), controls(refused) | {replace_it[1]: replace_it[2]})
    assert Entry.objects.get().content["headline"] == "Gate leaks"


def test_a_button_that_is_not_possible_any_more_is_answered_with_those_that_are(desk, event):
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), editor_of(event))
    form = entry_form("Gate", text("<p>x</p>"))

    response = desk.post(add_address(event), form | {"_publish": "1"}, headers=JSON).json()
    fits = desk.post(
        add_address(event), form | {"headline": "", "text-0-html": "", "_submit": "1"}, headers=JSON
    ).json()

    assert re.findall(r'name="(_\w+)"', response["buttons"]) == ["_submit", "_draft"]
    assert (fits["state"], fits["buttons"]) == ("refused", "")


def test_who_publishes_may_ask_for_a_second_pair_of_eyes(client, event, noor, tomas):
    draft = publishing.save_draft(EntryInput(event.pk, content("Gate")), noor).entry
    offered = {}
    for user in (noor, tomas):
        client.force_login(user)
        pages = (client.get(add_address(event)), client.get(change_address(draft)))
        offered[user.username] = [[name for name in buttons(page) if name in ("_publish", "_submit")] for page in pages]
    assert offered == {"noor": [["_publish", "_submit"]] * 2, "tomas": [["_publish"]] * 2}

    client.force_login(noor)
    client.post(change_address(draft), controls(client.get(change_address(draft))) | {"_submit": "1"})
    assert Entry.objects.get().status == EntryStatus.SUBMITTED


@pytest.mark.parametrize("status", ["draft", "upcoming", "ended", "postponed", "cancelled"])
@pytest.mark.parametrize("role", [Role.CORRESPONDENT, Role.MODERATOR])
def test_who_may_not_open_a_live_blog_is_told_whom_to_ask(client, status, role):
    event = make_event(status=status)
    client.force_login(make_member(event, role))

    refused = client.post(add_address(event), entry_form("Gate", text("<p>x</p>"), _publish="1"), headers=JSON).json()
    saved = client.post(add_address(event), entry_form("Gate", text("<p>x</p>"), _draft="1"), headers=JSON).json()

    asks = "Save a draft, or ask a moderator or an editor to" in refused["reason"]
    assert (refused["state"], asks) == ("refused", role == Role.CORRESPONDENT)
    assert saved["state"] == "sent"
