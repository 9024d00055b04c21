"""The master test: whatever is done at the desk and whatever the line does, an open page ends equal to a fresh one."""

import json
import os

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.factories import make_event, post
from tests.readers import ARTICLE, ArchiveReader, PageReader, attribute, same_down_to_the_fold
from updates import publishing
from updates.live.frames import read_log
from updates.models import Entry, Event
from updates.publishing import EntryContent, EventDetails, TextContent

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("CONVERGENCE_EXAMPLES", "8" if connection.vendor == "sqlite" else "5"))
"""Stories tried; `make prove` tries some hundreds on both databases."""

WORDS = st.sampled_from(["Gate holds", "Water falls", "Wind turns", "Roads open", "Ferries sail"])
AT_ONCE = st.sampled_from([1, 1, 2, 3])
"""Operations between two looks of a hub."""

LINE = st.sampled_from(["deliver", "deliver", "drop", "double", "hold"])


def published(event):
    return list(event.entries.published().newest_first())


def removed(event):
    return list(Entry.objects.filter(event=event, status="removed"))


def draw_operation(draw, event, editor):
    """One thing a desk may do now, done."""
    here, gone = published(event), removed(event)
    possible = [name for name, (least, _) in OPERATIONS.items() if len(here) >= least]
    possible += ["publish", "publish"] + ["restore", "restore"] * bool(gone)
    kind = draw(st.sampled_from(possible))
    words = f"{draw(WORDS)} {event.head}"
    if kind == "restore":
        publishing.restore(draw(st.sampled_from(gone)).pk, editor)
    else:
        some = draw(st.permutations(here))
        OPERATIONS[kind][1](event, some, words, editor)
    return kind


OPERATIONS = {
    "publish": (0, lambda event, some, words, who: post(event, words, author=who)),
    "publish a key event": (0, lambda event, some, words, who: post(event, words, author=who, is_key=True)),
    "details": (
        0,
        lambda event, some, words, who: publishing.change_event(
            event.pk, EventDetails(title=words, key_points=(f"<p>{words}</p>",)), who
        ),
    ),
    "edit": (1, lambda event, some, words, who: publishing.edit(some[0].pk, content(words), who)),
    "correct": (1, lambda event, some, words, who: publishing.correct(some[0].pk, content(words), "it was wrong", who)),
    "clarify": (1, lambda event, some, words, who: publishing.clarify(some[0].pk, content(words), "in fathoms", who)),
    "set time": (1, lambda event, some, words, who: publishing.set_time(some[0].pk, event.created_at, who)),
    "swap": (2, lambda event, some, words, who: swap(some[0], who)),
    "pin": (1, lambda event, some, words, who: publishing.pin(some[0].pk, who)),
    "unpin": (1, lambda event, some, words, who: publishing.unpin(some[0].pk, who)),
    "key": (1, lambda event, some, words, who: publishing.mark_key(some[0].pk, who, is_key=not some[0].is_key)),
    "remove": (1, lambda event, some, words, who: publishing.remove(some[0].pk, who, reason="secret reason")),
    "remove with a note": (
        1,
        lambda event, some, words, who: publishing.remove(
            some[0].pk, who, reason="secret reason", reader_note="Removed: it was wrong."
        ),
    ),
    "move": (2, lambda event, some, words, who: publishing.move(some[0].pk, who, above=some[1].pk)),
}
"""Name → entries it needs, and what it does."""


def swap(entry, who):
    """Up, or down where it stands on top."""
    is_top = not Entry.objects.published().filter(event=entry.event, order__gt=entry.order).exists()
    (publishing.move_down if is_top else publishing.move_up)(entry.pk, who)


def content(words):
    return EntryContent(words, (TextContent(f"<p>{words}, says the harbour office.</p>"),))


class Line:
    """A reader behind a line that drops, doubles, and reorders frames."""

    def __init__(self, client, event, kind=PageReader, query=""):
        self.client, self.event = client, event
        self.reader = kind.of(page(client, event, query))
        self.held = []

    def send(self, frame, fate):
        if fate == "hold":
            self.held.append(frame)
            return
        if fate != "drop":
            self.take(frame)
        if fate == "double":
            self.take(frame)
        if fate == "deliver":
            self.release()

    def release(self):
        while self.held:
            self.take(self.held.pop())

    def take(self, frame):
        if not self.reader.take_frame(frame):
            self.catch_up()

    def catch_up(self):
        while self.reader.take_answer(self.ask()):
            pass

    def ask(self):
        query = {"after": self.reader.seq, "epoch": self.reader.epoch}
        return self.client.get(f"/{self.event.slug}/changes", query).json()

    def settle(self, head):
        self.release()
        self.take({"t": "hb", "seq": head})


def page(client, event, query=""):
    return client.get(f"/{event.slug}/{query}").content.decode()


@pytest.mark.long
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_page_ends_equal_to_a_fresh_one(db, data):
    editor, _ = User.objects.get_or_create(username="editor", is_superuser=True)
    event = make_event(page_size=3)
    client = Client()
    lines, head = [Line(client, event)], Event.objects.get(pk=event.pk).head
    for _ in range(data.draw(st.integers(3, 16))):
        for _ in range(data.draw(AT_ONCE)):
            event.refresh_from_db()
            note(draw_operation(data.draw, event, editor))
        standing, frames = read_log(event.pk, event.epoch, head)
        head = standing.head
        for line in lines:
            for frame in frames:
                line.send(json.loads(frame.text), data.draw(LINE))
        lines.append(Line(client, event))
        if event.ordinals > 3:
            lines.append(Line(client, event, ArchiveReader, "?page=1"))

    fresh = PageReader.of(page(client, event)).state()
    for line in lines:
        line.settle(head)
        assert_ended_right(client, event, line.reader, fresh)


def assert_ended_right(client, event, reader, fresh):
    if reader.is_archive:
        assert_holds_what_is_left(client, event, reader)
        return
    same_down_to_the_fold(reader.state(), fresh)
    for public_id, html in reader.state().entries[len(fresh.entries) :]:
        assert_equals_permalink(client, event, public_id, html)


def assert_equals_permalink(client, event, public_id, html):
    """What is older than the fresh page's fold; a removed entry's address answers 410, its note stays on pages."""
    answer = client.get(f"/{event.slug}/{public_id}/")
    if answer.status_code == 410:
        assert "Removed: it was wrong." in html
    else:
        assert ARTICLE.search(answer.content.decode())[0] == html


def assert_holds_what_is_left(client, event, archive):
    """Of the entries it was written with, those that were not removed, each as its own page has it."""
    articles = dict(archive.state().entries)
    for public_id, html in articles.items():
        assert_equals_permalink(client, event, public_id, html)
    left = set(
        Entry.objects.filter(public_id__in=archive.known, status="published").values_list("public_id", flat=True)
    )
    assert left <= articles.keys() <= archive.known


@pytest.mark.once
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_frames_contain_nothing_internal(db, data):
    editor, _ = User.objects.get_or_create(username="editor", is_superuser=True)
    event = make_event(page_size=3)
    for _ in range(data.draw(st.integers(3, 12))):
        event.refresh_from_db()
        draw_operation(data.draw, event, editor)

    _, frames = read_log(event.pk, event.epoch, 0)
    for frame in frames:
        assert "secret reason" not in frame.text
    gone = {entry.public_id for entry in removed(event) if not entry.reader_note}
    for frame in frames:
        for item in json.loads(frame.text)["items"]:
            if item["id"] in gone:
                assert item == {"id": item["id"], "seq": item["seq"], "op": "del", "kind": "remove"}


def test_entry_moved_above_another_keeps_its_time(db, client):
    editor = User.objects.create(username="editor", is_superuser=True)
    event = make_event()
    first, second, third = (post(event, words, author=editor) for words in ("One", "Two", "Three"))

    moved = publishing.move(first.pk, editor, above=second.pk)

    ids = [attribute("data-id", article) for article in ARTICLE.findall(page(client, event))]
    assert ids == [third.public_id, first.public_id, second.public_id]
    assert moved.published_at == first.published_at


def test_entries_moved_to_the_top_leave_the_next_place_free(db):
    editor = User.objects.create(username="editor", is_superuser=True)
    event = make_event(page_size=5)
    entries = [post(event, f"Update {n}", author=editor) for n in range(3)]
    for n in range(60):
        publishing.move(entries[n % 2].pk, editor, above=entries[(n + 1) % 2].pk if n > 1 else entries[2].pk)

    newest = post(event, "Newest", author=editor)

    assert published(event)[0] == newest
    assert published(event)[-1] == entries[2]


def test_no_room_between_two_entries_renumbers_their_page(db):
    editor = User.objects.create(username="editor", is_superuser=True)
    event = make_event(page_size=5)
    entries = [post(event, f"Update {n}", author=editor) for n in range(4)]
    bottom = entries[0]
    for n in range(60):
        mover = entries[1 + n % 2]
        publishing.move(mover.pk, editor, above=bottom.pk)

    assert published(event) == [entries[3], entries[1], entries[2], bottom]
