"""Drafts, submissions, schedules and submitted changes through the form, without a script and with one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.admin.desk_forms import (
    add_address,
    buttons,
    change_address,
    controls,
    embed,
    entry_form,
    errors,
    list_address,
    messages_of,
    photo,
    quote,
    text,
)
from tests.factories import editor_of, make_event, make_member, make_user, post
from updates import publishing
from updates.choices import EntryStatus, Role
from updates.models import Entry, Revision
from updates.publishing import EntryContent, EntryInput, EventDetails, TextContent

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

WORDS = EntryContent("Gate holds", (TextContent("<p>Still</p>"),))


@pytest.fixture
def closed(event):
    """Correspondents do not publish directly here."""
    return publishing.change_event(event.pk, EventDetails(direct_publishing=False), editor_of(event))


@pytest.fixture
def moderator(client, event, tomas):
    client.force_login(tomas)
    return client


def submitted(event, who):
    return publishing.submit(EntryInput(event.pk, WORDS), who).entry


def wall_clock(hours):
    return (timezone.now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def fresh(entry):
    return Entry.objects.get(pk=entry.pk)


def test_a_draft_is_kept_with_its_holes_and_opens_again(desk, event):
    form = entry_form("", text("<p>So far</p>"), quote("Stay off.", ""), embed("https://yout"), _draft="1")

    answer = desk.post(add_address(event), form)

    entry = Entry.objects.get()
    assert answer["Location"] == change_address(entry)
    assert entry.status == EntryStatus.DRAFT
    page = desk.get(change_address(entry))
    values = controls(page)
    assert (values["text-0-html"], values["quote-0-text"], values["embed-0-url"]) == (
        "<p>So far</p>", "Stay off.", "https://yout",
    )  # fmt: skip
    assert buttons(page)[-4:] == ["_publish", "_draft", "_submit", "_schedule"]
    assert "View page" in page.content.decode()
    assert entry.get_absolute_url() not in page.content.decode()


def test_words_for_a_photo_without_one_are_not_dropped(desk, event):
    answer = desk.post(add_address(event), entry_form("Gate", photo(alt="A quay"), _draft="1"))
    assert (answer.status_code, errors(answer)) == (200, ["Please correct the error below.", "Choose a photo."])
    assert controls(answer)["photo-0-alt"] == "A quay"


def test_a_draft_lies_ready_on_every_device_of_its_writer_and_of_nobody_else(desk, client, event, noor):
    publishing.save_draft(EntryInput(event.pk, WORDS), noor)
    mine = desk.get(add_address(event)).content.decode()
    client.force_login(make_member(event))
    theirs = client.get(add_address(event)).content.decode()
    assert ("Gate holds" in mine, "Gate holds" in theirs) == (True, False)


def test_a_draft_is_published_from_its_form(desk, event, noor):
    entry = publishing.save_draft(EntryInput(event.pk, WORDS), noor).entry
    values = controls(desk.get(change_address(entry)))

    answer = desk.post(change_address(entry), values | {"headline": "Gate gives way", "_publish": "1"})

    assert answer.status_code == 302
    assert (fresh(entry).status, fresh(entry).content["headline"]) == (EntryStatus.PUBLISHED, "Gate gives way")


def test_a_newer_version_of_a_draft_is_shown_beside_what_was_typed(desk, event, noor, tomas):
    entry = publishing.save_draft(EntryInput(event.pk, WORDS), noor).entry
    publishing.save_draft(EntryInput(event.pk, EntryContent("Theirs"), entry_id=entry.pk), tomas)

    answer = desk.post(change_address(entry), entry_form("Mine", version=1, _draft="1"))

    assert errors(answer)[0].startswith("Somebody saved a newer version of this update.")
    assert "Theirs" in answer.content.decode()
    assert 'name="_draft" value="over-2" data-replace' in answer.content.decode()


def test_without_direct_publishing_the_filled_button_submits(desk, closed):
    page = desk.get(add_address(closed))
    assert buttons(page) == ["_submit", "_draft"]

    sent = desk.post(add_address(closed), controls(page) | {"headline": "Gate", "text-0-html": "<p>x</p>"})

    entry = Entry.objects.get()
    assert (sent.status_code, entry.status) == (302, EntryStatus.SUBMITTED)
    assert messages_of(desk.get(add_address(closed))) == [f'Submitted: <a href="{change_address(entry)}">Gate</a>']


def test_a_stale_button_is_refused_with_the_reason_and_the_words(desk, closed):
    answer = desk.post(add_address(closed), entry_form("Gate", _publish="1"))
    assert answer.status_code == 403
    assert errors(answer) == ["You cannot publish directly in this live blog. Submit your update for approval."]
    assert controls(answer)["headline"] == "Gate"


def test_scripts_learn_what_has_become_of_it(desk, closed):
    answer = desk.post(add_address(closed), entry_form("Gate", _submit="1"), headers={"Accept": "application/json"})
    entry = Entry.objects.get()
    assert answer.json()["entry"] == {
        "pk": entry.pk, "id": entry.public_id, "status": "submitted", "version": 1,
        "change": change_address(entry), "address": "",
    }  # fmt: skip


def test_a_moderator_approves_with_other_words(moderator, closed, noor):
    entry = submitted(closed, noor)
    page = moderator.get(change_address(entry))
    assert [name for name in buttons(page) if name.startswith("_")] == ["_approve", "_draft", "_schedule"]

    moderator.post(change_address(entry), controls(page) | {"headline": "Gate gives way", "_approve": "1"})

    assert (fresh(entry).status, fresh(entry).headline) == (EntryStatus.PUBLISHED, "Gate gives way")


def test_sent_back_its_writer_finds_the_note_and_a_badge(client, closed, noor, tomas):
    entry = submitted(closed, noor)
    address = reverse("admin:updates_entry_send_back", args=[entry.pk])
    client.force_login(tomas)
    empty = client.post(address, {"note": " "})
    client.post(address, {"note": "Who says so?"})

    client.force_login(noor)
    form, fresh_form = client.get(change_address(entry)), client.get(add_address(closed))
    rows = client.get(list_address(closed)).content.decode()

    assert (empty.status_code, fresh(entry).status) == (200, EntryStatus.DRAFT)
    assert "Who says so?" in form.content.decode()
    assert controls(form)["text-0-html"] == "<p>Still</p>"
    assert '<span class="badge">Sent back</span>' in fresh_form.content.decode()
    assert '<span class="badge">Sent back</span>' in rows


def test_scheduling_takes_the_clock_of_the_event(desk):
    event = make_event(time_zone="Asia/Tokyo")
    noor = make_member(event)
    desk.force_login(noor)
    form = entry_form("Later", when="2099-05-01T18:00", is_far="on", _schedule="1")

    desk.post(add_address(event), form)

    entry = Entry.objects.get()
    assert (entry.status, entry.scheduled_at.isoformat()) == (EntryStatus.SCHEDULED, "2099-05-01T09:00:00+00:00")
    page = desk.get(change_address(entry))
    assert controls(page)["when"] == "2099-05-01T18:00"
    assert [name for name in buttons(page) if name.startswith("_")] == ["_schedule", "_publish"]
    assert messages_of(page) == [f'Scheduled for 1 May 2099, 18:00 JST: <a href="{change_address(entry)}">Later</a>']


@pytest.mark.parametrize(("when", "why"), [
    ("", "Enter when it should be published."),
    ("2001-01-01T10:00", "That time has passed. Choose a later time, or publish now."),
])  # fmt: skip
def test_a_time_that_cannot_be_is_refused_and_nothing_is_lost(desk, event, when, why):
    answer = desk.post(add_address(event), entry_form("Later", when=when, _schedule="1"))
    assert why in errors(answer)
    assert controls(answer)["headline"] == "Later"
    assert not Entry.objects.exists()


def test_rows_offer_what_state_and_rights_allow(client, event, noor, tomas):
    entries = {
        "draft": publishing.save_draft(EntryInput(event.pk, WORDS), noor).entry,
        "submitted": submitted(event, noor),
        "scheduled": publishing.schedule(EntryInput(event.pk, WORDS), noor, timezone.now() + timedelta(hours=1)).entry,
    }

    def offered(user):
        client.force_login(user)
        rows = client.get(list_address(event)).context["cl"].result_list
        return {row.status: [action["name"] for action in row.offered["actions"]] for row in rows}

    assert set(offered(tomas)) == set(entries)
    assert offered(noor) == {
        "draft": ["edit", "discard", "history"],
        "submitted": ["edit", "withdraw", "discard", "history"],
        "scheduled": ["edit", "publish_now", "unschedule", "discard", "history"],
    }
    assert offered(tomas) == {
        "draft": ["edit", "discard", "history"],
        "submitted": ["edit", "approve", "send_back", "discard", "history"],
        "scheduled": ["edit", "publish_now", "unschedule", "discard", "history"],
    }
    assert offered(make_member(event)) == {}


ROLES = ["stranger", "other", "colleague", "author", "moderator", "editor", "superuser"]
MODERATORS = {"moderator", "editor", "superuser"}


@pytest.fixture(params=ROLES)
def who(request, client, event, noor):
    match request.param:
        case "stranger":
            user = make_user()
        case "other":
            user = make_member(make_event(title="Another"), Role.EDITOR)
        case "superuser":
            user = make_user(superuser=True)
        case "author":
            user = noor
        case "colleague":
            user = make_member(event)
        case role:
            user = make_member(event, Role(role))
    client.force_login(user)
    return request.param


@pytest.mark.parametrize("action", ["approve", "withdraw", "discard", "send_back", "edit", "look"])
@pytest.mark.long
def test_who_does_what_to_a_submission_by_its_address(client, who, closed, noor, action):
    """Whoever may not see it gets the response of an update that does not exist."""
    entry = submitted(closed, noor)
    if action == "look":
        answer = client.get(change_address(entry))
    elif action == "edit":
        answer = client.post(change_address(entry), entry_form("Changed", version=1, _draft="1"))
    else:
        address = reverse(f"admin:updates_entry_{action}", args=[entry.pk])
        answer = client.post(f"{address}?version={entry.version}", {"note": "Why?"})

    sees = who in MODERATORS | {"author"}
    may = {"approve": MODERATORS, "send_back": MODERATORS}.get(action, MODERATORS | {"author"})
    done = 200 if action == "look" else 302
    assert answer.status_code == (done if who in may else 403 if sees else 404)
    changed = fresh(entry).status != EntryStatus.SUBMITTED or fresh(entry).headline == "Changed"
    assert changed == (who in may and action != "look")
    if not sees:
        assert "Gate holds" not in answer.content.decode()


def test_a_change_of_what_is_out_is_submitted_reviewed_and_approved(client, event, noor, tomas):
    entry = post(event, "Gate holds", author=noor)
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), editor_of(event))
    client.force_login(noor)
    page = client.get(change_address(entry))
    assert [name for name in buttons(page) if name.startswith("_")] == ["_propose"]
    assert controls(page)["text-0-html"] == "<p>Gate holds, says the harbour office.</p>"

    sent = client.post(change_address(entry), controls(page) | {"headline": "Gate gives way", "_propose": "1"})
    second = client.get(change_address(entry))

    assert sent.status_code == 302
    assert controls(second)["headline"] == "Gate gives way"
    assert "Readers see the published text until it is approved." in second.content.decode()
    assert fresh(entry).headline == "Gate holds"

    client.force_login(tomas)
    assert "Change submitted" in client.get(list_address(event)).content.decode()
    assert "is waiting for approval" in client.get(change_address(entry)).content.decode()
    review = client.get(reverse("admin:updates_entry_review", args=[entry.pk]), follow=True)
    assert (controls(review)["headline"], controls(review)["text-TOTAL_FORMS"]) == ("Gate gives way", "1")
    assert "_approve_change" in buttons(review)
    client.post(f"{change_address(entry)}?revision=1", controls(review) | {"_approve_change": "1"})

    assert fresh(entry).content["headline"] == "Gate gives way"
    assert Revision.objects.count() == 0


def test_what_was_put_away_is_listed_when_it_is_asked_for(desk, event, noor):
    entry = publishing.save_draft(EntryInput(event.pk, WORDS), noor).entry
    publishing.discard(entry.pk, noor)
    seen = ["Gate holds" in desk.get(list_address(event) + more).content.decode() for more in (
        "", "&status__exact=discarded",
    )]  # fmt: skip
    assert seen == [False, True]
    assert "_draft" in buttons(desk.get(change_address(entry)))
