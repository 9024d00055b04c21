import pytest
import time_machine

from tests.factories import NOON, make_event, post
from tests.markup import parse
from updates import publishing
from updates.models import Entry, Event
from updates.publishing import EntryContent, EventDetails
from updates.queries import reader_pages
from updates.rendering import changes_answer, entry_html, event_item, item_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_event(at=NOON, title="Storm <Maren>", time_zone="Europe/Berlin")


@pytest.fixture
def editor(event):
    return event.assignments.get().user


def read(entry):
    return Entry.objects.select_related("event").get(pk=entry.pk)


def test_published_entry_travels_whole(event, editor):
    entry = post(event, "Gate holds", is_key=True, at=NOON)
    publishing.correct(entry.pk, EntryContent("Gate held", is_key=True), "it held.", editor)
    entry = read(entry)

    assert item_of(entry) == {
        "id": entry.public_id,
        "seq": entry.seq,
        "op": "put",
        "order": entry.order,
        "pinned": False,
        "key": True,
        "at": "2031-03-13T12:00:00Z",
        "kind": "correct",
        "title": "Gate held",
        "note": "it held.",
        "html": entry_html(entry),
    }


def test_removed_entry_leaves_its_id_alone(event, editor):
    entry = post(event, "Wrong street")
    publishing.remove(entry.pk, editor, reason="secret")
    entry = read(entry)
    assert item_of(entry) == {"id": entry.public_id, "seq": entry.seq, "op": "del", "kind": "remove"}


def test_removed_entry_with_a_note_keeps_its_place_for_it(event, editor):
    entry = post(event, "Wrong street", at=NOON)
    publishing.remove(entry.pk, editor, reason="secret", reader_note="it named the wrong street.")
    entry = read(entry)
    assert item_of(entry) == {
        "id": entry.public_id,
        "seq": entry.seq,
        "op": "del",
        "kind": "remove",
        "order": entry.order,
        "at": "2031-03-13T12:00:00Z",
        "note": "it named the wrong street.",
        "html": entry_html(entry),
    }


@time_machine.travel(NOON, tick=False)  # days of other years would show it
def test_event_travels_with_the_parts_of_its_page(event, editor):
    publishing.change_event(event.pk, EventDetails(key_points=("<p>One <strong>thing</strong>.</p>",)), editor, at=NOON)
    event = Event.objects.get(pk=event.pk)

    item = event_item(event)

    html = item.pop("html")
    expected = {"id": "event", "seq": 2, "op": "put", "kind": "details", "title": "Storm <Maren>", "status": "live"}
    assert item == expected | {"sensitive": False}
    parts = {element["data-part"]: element for element in parse(html).all(data_part=True)}
    assert list(parts) == ["head", "know", "watch-state"]
    assert parts["head"].one("h1").text == "Storm <Maren>"
    assert parts["head"].one("p", cls="meta").text == "Thursday 13 March, since 13:00 CET · 0 updates"
    assert parts["know"].text == "What we know Show all One thing. Updated 13:00"
    assert (parts["watch-state"]["data-is"], parts["watch-state"].text) == ("live", "Live")


@pytest.mark.parametrize(
    ("status", "mark", "words"),
    [
        ("upcoming", "soon", "Starts · Thursday 13 March, 20:00 CET"),
        ("live", "live", "Live"),
        ("ended", "ended", "Ended · 13:00 CET, 13 March"),
        ("postponed", "soon", "Postponed"),
        ("cancelled", "ended", "Cancelled"),
    ],
)
@time_machine.travel(NOON, tick=False)  # days of other years would show it
def test_watch_line_says_the_state(status, mark, words):
    start = NOON.replace(hour=19)
    event = make_event(status=status, at=NOON, time_zone="Europe/Berlin", planned_start=start)
    line = parse(event_item(event)["html"]).one(data_part="watch-state")
    assert (line["data-is"], line.text.replace("13:00, ", "13:00 , ")) == (mark, words)


def test_answer_has_each_id_once_in_the_order_of_changes(event, editor):
    first, second = post(event, "One"), post(event, "Two")
    publishing.change_event(event.pk, EventDetails(title="New"), editor)
    publishing.pin(first.pk, editor)

    items = changes_answer(reader_pages.changes_since(Event.objects.get(pk=event.pk), 0))

    assert [item["id"] for item in items] == [second.public_id, "event", first.public_id]
    assert [item["seq"] for item in items] == [3, 4, 5]
