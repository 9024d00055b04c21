"""The entry form's answers to scripts."""

import re

import pytest

from tests.admin.desk_forms import add_address, change_address, desk_address, entry_form, photo, text
from tests.factories import editor_of, make_user, picture_file, post
from updates import publishing
from updates.choices import ChangeKind
from updates.models import Entry
from updates.publishing import EntryContent, TextContent
from updates.publishing.erasure import erase_entry

pytestmark = pytest.mark.django_db


def send(client, address, form, **headers):
    return client.post(address, form, headers={"Accept": "application/json"} | headers)


def test_a_published_update_is_described(desk, event):
    answer = send(desk, add_address(event), entry_form("Gate <holds>", text("<p>Still</p>")))

    entry = Entry.objects.get()
    assert answer.status_code == 200
    body = answer.json()
    message, time = body["message"].split(" <time ")
    assert re.fullmatch(r'class="quiet">\d\d:\d\d</time>', time)
    assert body | {"message": message} == {
        "state": "sent",
        "message": f'Published: <a href="{entry.get_absolute_url()}">Gate &lt;holds&gt;</a>',
        "next": f"{desk_address(event)}#write",
        "entry": {
            "pk": entry.pk,
            "id": entry.public_id,
            "status": "published",
            "version": 1,
            "change": change_address(entry),
            "address": entry.get_absolute_url(),
        },
    }
    assert list(desk.get(add_address(event)).context["messages"]) == []


def test_sent_twice_it_is_there_once(desk, event):
    answers = [send(desk, add_address(event), entry_form("Gate")).json() for _ in range(2)]

    assert answers[0]["entry"] == answers[1]["entry"]
    assert Entry.objects.count() == 1


def test_errors_stand_under_the_names_that_were_sent(desk, event):
    answer = send(desk, add_address(event), entry_form("Head", text("<p>x</p>"), photo(picture_file(), alt="")))

    assert answer.status_code == 422
    assert answer.json()["errors"] == {"photo-0-alt": ["Describe what the photo shows, for readers who cannot see it."]}
    assert (answer.json()["state"], answer.json()["reason"]) == ("refused", "")


def test_an_ended_live_blog_says_so(desk, event):
    publishing.change_state(event.pk, ChangeKind.END, editor_of(event))

    answer = send(desk, add_address(event), entry_form("Head")).json()

    assert (answer["reason"][:24], answer["go_live"]) == ("This live blog has ended", False)


def test_somebody_without_the_right_gets_the_reason(client, event):
    client.force_login(make_user())
    answer = send(client, add_address(event), entry_form("Head"))

    assert answer.status_code == 403
    assert answer.json()["reason"] == "You are not assigned to this live blog. Ask one of its editors."


def test_a_draft_that_was_erased_is_refused_and_the_form_keeps_the_words(desk, event):
    form = entry_form("Gate holds", _draft="1")
    entry = Entry.objects.get(pk=send(desk, add_address(event), form).json()["entry"]["pk"])
    erase_entry(entry.pk, make_user("root", superuser=True), reason="Court order")

    answer = send(desk, add_address(event), form).json()
    page = desk.post(add_address(event), form)

    assert (answer["state"], answer["instead"], answer["replaces"]) == ("refused", {}, "")
    assert answer["reason"].startswith("This update was discarded. root erased it at ")
    assert "Gate holds" in page.content.decode()
    assert Entry.objects.get().headline == ""


def test_a_newer_version_comes_with_the_number_to_go_on_with(desk, event, noor):
    entry = post(event, "First", author=noor)
    publishing.edit(entry.pk, EntryContent("Second", (TextContent("<p>Theirs</p>"),)), editor_of(event))

    answer = send(desk, change_address(entry), entry_form("Mine", version=1)).json()

    who = editor_of(event).get_username()
    assert answer["reason"].startswith(f"Somebody saved a newer version of this update. {who} edited it at ")
    assert (answer["instead"], answer["replaces"]) == ({}, "over-2")
    assert "Theirs" in answer["other"]


def test_words_go_out_under_the_name_of_who_wrote_them(desk, event, noor, tomas):
    refused = send(desk, add_address(event), entry_form("Head"), **{"X-Desk-User": str(tomas.pk)})
    taken = send(desk, add_address(event), entry_form("Head"), **{"X-Desk-User": str(noor.pk)})

    assert (refused.status_code, refused.json()["state"]) == (409, "stranger")
    assert taken.json()["state"] == "sent"
    assert Entry.objects.count() == 1
