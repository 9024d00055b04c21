"""The timeline beside the form: who sees what, how it is searched, and what scripts are told of changes."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import updates.queries.timeline
from tests.admin.desk_forms import desk_address
from tests.factories import NOON, editor_of, make_event, make_member, make_user, post, post_many
from updates import publishing
from updates.choices import EntryStatus, Role
from updates.models import Entry
from updates.models.guard import writing
from updates.publishing import EntryContent, EntryInput, EventDetails, QuoteContent, TextContent
from updates.queries.timeline import counts

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def waiting(event, title, author, status=EntryStatus.DRAFT):
    with writing():
        return Entry.objects.create(event=event, title=title, headline=title, author=author, status=status)


def titles(answer):
    """Of the rows of a page, in their order."""
    return re.findall(r'<h3 dir="auto">(.*?)</h3>', answer.content.decode())


def look(client, event, **query):
    return client.get(desk_address(event), query)


def changes(client, event, after, **query):
    return client.get(reverse("admin:updates_event_changes", args=[event.pk]), {"after": after, **query}).json()


def test_the_desk_has_the_form_and_the_newest_first_but_for_the_pinned_one(desk, event):
    first, *_others = post_many(event, 3)
    publishing.pin(first.pk, editor_of(event))

    page = look(desk, event)

    assert titles(page) == ["Update 1", "Update 3", "Update 2"]
    assert f'action="{desk_address(event)}"' in page.content.decode()


def test_what_waits_is_seen_by_its_author_and_by_moderators(client, event, noor, tomas):
    waiting(event, "Mine", noor)
    waiting(event, "Another’s", make_member(event))
    waiting(event, "To be approved", make_member(event), EntryStatus.SUBMITTED)

    client.force_login(noor)
    assert titles(look(client, event)) == ["Mine"]
    client.force_login(tomas)
    assert titles(look(client, event)) == ["To be approved", "Another’s", "Mine"]
    assert titles(look(client, event, show="draft")) == ["Another’s", "Mine"]
    assert titles(look(client, event, show="submitted")) == ["To be approved"]


def test_of_what_waits_ones_own_drafts_and_the_newest_come_first(client, event, noor, tomas, monkeypatch):
    hour = timezone.now() + timedelta(hours=1)
    for title, author in [("Old", tomas), ("New", tomas), ("Theirs, old", noor), ("Theirs", noor)]:
        publishing.save_draft(EntryInput(event.pk, EntryContent(title)), author)
    for title, after in [("At eight", 1), ("At seven", 0)]:
        publishing.schedule(EntryInput(event.pk, EntryContent(title)), tomas, hour + timedelta(hours=after))
    for title in ("Asked first", "Asked next"):
        publishing.submit(EntryInput(event.pk, EntryContent(title)), noor)
    client.force_login(tomas)
    expected = ["Asked first", "Asked next", "At seven", "At eight", "New", "Old", "Theirs", "Theirs, old"]

    assert titles(look(client, event)) == expected
    monkeypatch.setattr(updates.queries.timeline, "WAITING_AT_MOST", 7)
    assert titles(look(client, event)) == expected[:-1]


def test_a_change_that_waits_is_counted_for_its_writer_and_for_moderators(client, event, noor, tomas):
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), editor_of(event))
    entry = publishing.publish(event.pk, EntryContent("Gate holds"), tomas, key="k").entry
    with writing():
        Entry.objects.filter(pk=entry.pk).update(author=noor)
    publishing.propose(entry.pk, EntryContent("Gate does not hold"), noor, version=entry.version)

    for person, number in ((noor, 1), (tomas, 1), (make_member(event), 0)):
        client.force_login(person)
        assert counts(event, person).submitted == number
        assert ("Submitted" in re.sub(r"<script.*?</script>", "", look(client, event).content.decode())) == bool(number)


@pytest.mark.once
def test_a_change_of_what_was_removed_waits_for_nobody_until_that_is_back(client, event, tomas):
    entry = post(event, "Gate holds", author=tomas)
    publishing.propose(entry.pk, EntryContent("Gate does not hold"), tomas)
    client.force_login(tomas)

    for step, waits in ((publishing.remove, False), (publishing.restore, True)):
        step(entry.pk, tomas)
        assert counts(event, tomas).submitted == int(waits)
        assert titles(look(client, event, show="submitted")) == (["Gate holds"] if waits else [])
        assert ("A change is waiting for approval" in look(client, event).content.decode()) == waits


def test_nobody_but_the_assigned_sees_the_desk(client, event):
    assert look(client, event).status_code == 302
    client.force_login(make_member(make_event()))
    assert look(client, event).status_code == 404
    assert client.get(reverse("admin:updates_event_timeline", args=[event.pk])).status_code == 404
    assert client.get(reverse("admin:updates_event_changes", args=[event.pk])).status_code == 404
    client.force_login(make_user())
    assert client.get(desk_address(make_event(slug="gone")).replace("desk", "timeline")).status_code == 404


def test_the_search_finds_words_of_headline_text_and_quote_in_any_dress(desk, event):
    post(event, "Málaga answers", text="<p>The <strong>strong</strong> gate &amp; the quay</p>")
    post(event, "Other", blocks=(QuoteContent("Stay off the quays", "Ingrid Sollow"),))

    assert titles(look(desk, event, q="MALAGA")) == ["Málaga answers"]
    assert titles(look(desk, event, q="gate & the")) == ["Málaga answers"]
    assert titles(look(desk, event, q="quay sollow")) == ["Other"]
    assert titles(look(desk, event, q="em")) == []  # a mark of HTML is no word
    assert titles(look(desk, event, q="amp")) == []


def test_the_search_knows_what_an_edit_has_made_of_it(desk, event):
    entry = post(event, "Gate holds")
    publishing.edit(entry.pk, EntryContent("Bridge holds", (TextContent("<p>So far</p>"),)), editor_of(event))

    assert titles(look(desk, event, q="gate")) == []
    assert titles(look(desk, event, q="bridge far")) == ["Bridge holds"]


def test_filters_by_author_key_and_state(desk, event, noor):
    post(event, "Theirs", is_key=True)
    post(event, "Hers", author=noor)
    gone = post(event, "Gone")
    publishing.remove(gone.pk, editor_of(event))

    assert titles(look(desk, event, author=noor.pk)) == ["Hers"]
    assert titles(look(desk, event, show="key")) == ["Theirs"]
    assert titles(look(desk, event, show="removed")) == ["Gone"]
    assert titles(look(desk, event, show="nonsense", author="x", below="-")) == ["Gone", "Hers", "Theirs"]


def test_a_link_leads_to_its_update_wherever_it_is(desk, event):
    entries = post_many(event, 4)
    link = f"https://live.example/{event.slug}/{entries[1].public_id}/?utm=x#top"

    page = look(desk, event, q=link)

    assert titles(page) == ["Update 2", "Update 1"]
    assert f'linked" id="row-{entries[1].pk}"' in page.content.decode()


@pytest.mark.once
def test_a_link_to_another_live_blog_says_where_if_one_may_know(client, event, noor):
    other = make_event(title="Election night")
    entry = post(other, "Polls close")
    link = f"/{other.slug}/{entry.public_id}/"

    client.force_login(noor)
    assert "Election night" not in look(client, event, q=link).content.decode()
    publishing.assign(other.pk, noor, Role.CORRESPONDENT, editor_of(other))
    assert f'<a href="{desk_address(other)}?' in look(client, event, q=link).content.decode()


def test_a_jump_to_a_time_goes_by_the_clocks_of_the_event(client, noor):
    event = make_event(time_zone="Asia/Tokyo")
    post_many(event, 3)  # 12:01, 12:02, 12:03 UTC
    publishing.assign(event.pk, noor, Role.CORRESPONDENT, editor_of(event))
    client.force_login(noor)

    assert titles(look(client, event, at="2031-03-13T21:02")) == ["Update 2", "Update 1"]
    assert "Nothing had been published by then." in look(client, event, at="2031-03-13T20:00").content.decode()


def test_earlier_updates_come_in_portions(desk, event):
    post_many(event, 35)

    first = look(desk, event)
    assert titles(first)[-1] == "Update 6"
    below = re.search(r"below=(\d+)", first.content.decode())[1]
    assert titles(look(desk, event, below=below)) == [f"Update {n}" for n in range(5, 0, -1)]
    more = desk.get(reverse("admin:updates_event_timeline", args=[event.pk]), {"below": below}).json()
    assert (more["html"].count("<li"), more["earlier"]) == (5, "")


def test_scripts_are_told_which_rows_changed_and_which_have_left(client, event, tomas, noor):
    key_event, gone = post_many(event, 2)
    event.refresh_from_db()
    start = event.desk_head
    client.force_login(tomas)
    publishing.mark_key(key_event.pk, tomas, is_key=True)
    publishing.remove(gone.pk, tomas)

    everything = changes(client, event, start)
    only_key = changes(client, event, start, show="key")

    assert sorted(row["pk"] for row in everything["rows"]) == [key_event.pk, gone.pk]
    assert (everything["gone"], everything["again"], everything["head"]) == ([], False, start + 2)
    assert [row["pk"] for row in only_key["rows"]] == [key_event.pk]
    assert only_key["gone"] == [gone.pk]
    assert changes(client, event, start + 2)["rows"] == []


def test_somebody_elses_draft_is_only_a_number_to_others(client, event, noor, tomas):
    event.refresh_from_db()
    start = event.desk_head
    client.force_login(noor)
    publishing.save_draft(EntryInput(event.pk, EntryContent("Secret plans")), tomas)
    mine = publishing.save_draft(EntryInput(event.pk, EntryContent("Mine")), noor).entry
    publishing.discard(mine.pk, noor)

    response = changes(client, event, start)

    assert (response["rows"], response["gone"], response["head"]) == ([], [mine.pk], start + 3)
    assert "Secret" not in look(client, event).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_changes_take_as_many_queries_for_three(client, event, tomas, number, django_assert_num_queries):
    event.refresh_from_db()
    for n in range(number):
        post(event, f"Update {n}", author=make_member(event), at=NOON)
    client.force_login(tomas)

    with django_assert_num_queries(11):  # session, user, event, role, log, rows, three counts, newest, own
        changes(client, event, event.desk_head)


def test_a_draft_is_found_by_its_words(desk, event, noor):
    draft = EntryInput(event.pk, EntryContent("", (TextContent("<p>The <b>sluice</b> keeper</p>"),)))
    publishing.save_draft(draft, noor)

    assert titles(look(desk, event, q="SLUICE")) == ["The sluice keeper"]
    assert titles(look(desk, event, q="bridge")) == []


def test_the_last_step_of_ones_own_comes_with_the_changes(client, event, tomas, noor):
    entry = post(event, "Gate holds")
    event.refresh_from_db()
    client.force_login(tomas)
    client.post(reverse("admin:updates_entry_pin", args=[entry.pk]), headers={"Accept": "application/json"})

    assert "Undo: Gate holds" in changes(client, event, event.desk_head)["done"]
    client.force_login(noor)
    assert changes(client, event, event.desk_head)["done"] == ""


def test_a_refused_step_is_told_to_scripts_as_a_refusal(client, event, noor, tomas):
    entry = post(event, "Gate holds", author=tomas)
    publishing.remove(entry.pk, tomas)
    client.force_login(tomas)
    address = reverse("admin:updates_entry_pin", args=[entry.pk])

    response = client.post(address, headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["state"]) == (422, "refused")
    assert "not published" in response.json()["reason"]
    client.force_login(noor)
    assert client.post(address, headers={"Accept": "application/json"}).status_code == 403


def test_a_writer_is_told_what_others_did_with_their_updates(client, event, noor, tomas):
    entry = publishing.submit(EntryInput(event.pk, EntryContent("To approve", (TextContent("<p>x</p>"),))), noor).entry
    tomas.first_name, tomas.last_name = "Tomas", "Wrede"
    tomas.save()
    client.force_login(noor)
    head = changes(client, event, 0)["head"]
    assert changes(client, event, head)["news"] == ""

    publishing.send_back(entry.pk, "Who says <so>?", tomas)
    news = changes(client, event, head)["news"]
    assert news.startswith("Sent back by Tomas Wrede: <a href=")
    assert ">To approve</a>" in news
    assert "<q>Who says &lt;so&gt;?</q>" in news
    client.force_login(tomas)
    assert changes(client, event, head)["news"] == ""
