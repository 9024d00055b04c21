from gzip import decompress

import pytest
from django.test import Client

from tests.factories import make_event, post, post_many
from updates import publishing
from updates.models import Event
from updates.rendering import item_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def event():
    return make_event()


def ask(client, event, *, headers=None, **query):
    return client.get(f"/{event.slug}/changes", {"epoch": event.epoch} | query, headers=headers)


def test_answer_has_everything_after_the_number(client, event):
    first, second = post(event, "One"), post(event, "Two")
    event.refresh_from_db()

    answer = ask(client, event, after=first.seq)

    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {
        "epoch": event.epoch,
        "head": event.head,
        "upto": event.head,
        "items": [item_of(second)],
        "more": False,
        "count": 2,
        "status": "live",
    }


def test_scripts_of_any_site_may_read_it_also_its_refusals(client, event):
    answers = [ask(client, event, after=0), ask(client, event, after="x")]
    assert [answer["Access-Control-Allow-Origin"] for answer in answers] == ["*", "*"]
    assert not any(answer.cookies for answer in answers)


def test_reader_that_has_everything_gets_nothing(client, event):
    post(event, "One")
    event.refresh_from_db()
    answer = ask(client, event, after=event.head).json()
    assert (answer["items"], answer["upto"], answer["more"]) == ([], event.head, False)


def test_reader_ahead_of_a_stale_database_is_not_told_to_start_again(client, event):
    answer = ask(client, event, after=10_000).json()
    assert (answer["items"], answer["upto"], "reset" in answer) == ([], event.head, False)


@pytest.mark.once
def test_long_absence_is_answered_in_parts(client):
    event = make_event()
    entries = post_many(event, 120)
    seen, after = [], event.head
    while True:
        answer = ask(client, event, after=after).json()
        seen += [item["id"] for item in answer["items"]]
        after = answer["upto"]
        if not answer["more"]:
            break
    assert seen == [entry.public_id for entry in entries]


@pytest.mark.once
def test_long_entries_come_in_answers_that_a_thin_line_carries(client):
    event = make_event()
    long = [publishing.TextContent("<p>" + "The water stands at the gate. " * 1000 + "</p>")]
    after = Event.objects.get(pk=event.pk).head
    entries = [post(event, f"Long {number}", blocks=long) for number in range(30)]
    seen, sizes, more = [], [], True
    while more:
        response = ask(client, event, after=after)
        answer = response.json()
        sizes.append(len(response.content))
        seen += [item["id"] for item in answer["items"]]
        after, more = answer["upto"], answer["more"]
    assert seen == [entry.public_id for entry in entries]
    assert max(sizes) < 2**18


def test_a_reader_of_another_epoch_gets_a_reset(client, event):
    answer = client.get(f"/{event.slug}/changes", {"after": 0, "epoch": "0ther"})
    event = Event.objects.get(pk=event.pk)
    assert answer.json() == {"epoch": event.epoch, "head": event.head, "reset": True}
    assert "ETag" not in answer


def test_removal_tells_the_id_and_no_reason(client, event):
    entry = post(event, "Wrong street")
    publishing.remove(entry.pk, event.assignments.get().user, reason="secret reason")
    answer = ask(client, event, after=entry.seq)
    assert answer.json()["items"] == [{"id": entry.public_id, "seq": entry.seq + 1, "op": "del", "kind": "remove"}]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"after": "1"},
        {"epoch": "abc"},
        {"after": "", "epoch": "abc"},
        {"after": "x", "epoch": "abc"},
        {"after": "-1", "epoch": "abc"},
        {"after": "1.5", "epoch": "abc"},
        {"after": "١", "epoch": "abc"},
        {"after": "9" * 17, "epoch": "abc"},
        {"after": "1", "epoch": ""},
        {"after": "1", "epoch": "a b"},
        {"after": "1", "epoch": "a" * 17},
        {"after": "1", "epoch": "<script>"},
        {"after": "1", "epoch": "abc", "at": "x"},
        {"after": "1", "epoch": "abc", "at": ""},
    ],
)
def test_question_that_cannot_be_read_gets_a_reason(client, event, query):
    answer = client.get(f"/{event.slug}/changes", query)
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]


def test_unknown_and_draft_events_are_refused_alike(client):
    draft = make_event(status="draft")
    for answer in (ask(client, draft, after=0), client.get("/nothing/changes", {"after": 0, "epoch": "abc"})):
        assert (answer.status_code, answer.json()) == (404, {"error": "no such event"})


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_changes_are_read_and_nothing_else(event, method):
    client = Client(enforce_csrf_checks=True)
    assert getattr(client, method)(f"/{event.slug}/changes").status_code == 405


@pytest.mark.parametrize("entries", [1, 30])
def test_answer_takes_two_queries(client, django_assert_num_queries, entries):
    event = make_event()
    post_many(event, entries)
    with django_assert_num_queries(2):
        ask(client, event, after=0)


def test_what_many_ask_alike_is_made_once(client, django_assert_num_queries):
    event = make_event()
    post_many(event, 25)
    event.refresh_from_db()
    first = ask(client, event, after=event.head - 5).json()
    with django_assert_num_queries(1):
        assert ask(client, event, after=event.head - 5).json() == first
    assert len(first["items"]) == 5

    post(event, "News")
    assert len(ask(client, event, after=event.head - 5).json()["items"]) == 6


@pytest.mark.parametrize("after", [0, 1000])
def test_responses_to_old_numbers_are_not_cached(client, django_assert_num_queries, after):
    event = make_event()
    post_many(event, 25)
    for _ in range(2):
        with django_assert_num_queries(2):
            ask(client, event, after=after)


def test_reader_that_is_up_to_date_is_told_so_in_one_query(client, event, django_assert_num_queries):
    post(event, "One")
    event.refresh_from_db()
    tag = ask(client, event, after=event.head)["ETag"]
    assert tag == f'"{event.epoch}-{event.head}"'

    with django_assert_num_queries(1):
        same = ask(client, event, after=event.head, headers={"if-none-match": tag})
    assert (same.status_code, same.content) == (304, b"")

    post(event, "Two")
    assert ask(client, event, after=event.head, headers={"if-none-match": tag}).status_code == 200


def test_answer_may_be_shared_for_a_second_and_knows_nobody(client, event):
    answer = ask(client, event, after=0, at=5)
    assert answer["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-while-revalidate=3"
    assert answer["Vary"] == "Accept-Encoding"
    assert answer.cookies == {}


def test_long_answer_is_compressed(client, event):
    post_many(event, 5)
    plain = ask(client, event, after=0)
    packed = ask(client, event, after=0, headers={"accept-encoding": "gzip"})
    assert decompress(packed.content) == plain.content
