"""Publishing, editing, correcting, and the log they leave."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError

from tests.factories import make_event, post
from updates import publishing
from updates.choices import ORDER_STEP, Role
from updates.models import Change, Entry, Event, Person
from updates.publishing import EmbedContent, EntryContent, KeyReused, NewerVersion, QuoteContent, Refused, TextContent

pytestmark = pytest.mark.django_db

TEXT = EntryContent("Gate holds", (TextContent("<p>It holds.</p>"),))


@pytest.fixture
def boss():
    return User.objects.create(username="boss", is_superuser=True, first_name="Ines", last_name="Calder")


@pytest.fixture
def event():
    return make_event()


def test_published_entry_takes_the_next_number_and_place(event, boss):
    head = Event.objects.get(pk=event.pk).head

    one, two = (publishing.publish(event.pk, TEXT, boss).entry for _ in range(2))

    assert (one.seq, two.seq) == (head + 1, head + 2)
    assert (one.order, two.order) == (ORDER_STEP, 2 * ORDER_STEP)
    after = Event.objects.get(pk=event.pk)
    assert (after.head, after.ordinals, after.entry_count) == (head + 2, 2, 2)


def test_content_for_readers_is_written_beside_the_rows(event, boss):
    content = EntryContent(
        "Quay closed",
        (
            TextContent("<p>Closed.</p>"),
            QuoteContent("Stay off.", "Ingrid Sollow"),
            EmbedContent("https://youtu.be/abcdefghijk", "Tomas reports:"),
        ),
    )

    entry = publishing.publish(event.pk, content, boss).entry

    assert publishing.read_content(Entry.objects.get(pk=entry.pk)) == content
    assert entry.content["headline"] == "Quay closed"
    assert [block["kind"] for block in entry.content["blocks"]] == ["text", "quote", "embed"]
    assert entry.content["blocks"][2]["provider"] == "youtube"
    assert entry.content["bylines"] == [{"name": "Ines Calder", "role": "", "photo": None}]


def test_text_is_cleaned_by_the_operation(event, boss):
    entry = publishing.publish(
        event.pk, EntryContent("", (TextContent('<p onclick="x()">Hi<script>x()</script></p>'),)), boss
    ).entry
    assert entry.content["blocks"] == [{"kind": "text", "html": "<p>Hi</p>"}]


def test_publishing_text_takes_ten_queries_at_most(event, boss, django_assert_max_num_queries):
    Person.objects.create(name="Ines Calder", user=boss)
    with django_assert_max_num_queries(10):
        publishing.publish(event.pk, TEXT, boss, key="k")


def test_retry_with_the_same_key_finds_the_first(event, boss):
    first = publishing.publish(event.pk, TEXT, boss, key="k")
    second = publishing.publish(event.pk, TEXT, boss, key="k")
    assert (first.is_new, second.is_new, second.entry) == (True, False, first.entry)
    assert Event.objects.get(pk=event.pk).entry_count == 1


def test_retry_finds_the_first_also_after_somebody_has_edited_it(event, boss):
    first = publishing.publish(event.pk, TEXT, boss, key="k").entry
    publishing.edit(first.pk, EntryContent("Gate still holds"), boss)
    second = publishing.publish(event.pk, TEXT, boss, key="k")
    assert (second.is_new, second.entry.pk, second.entry.headline) == (False, first.pk, "Gate still holds")


def test_retry_with_what_the_entry_has_become_is_other_content(event, boss):
    first = publishing.publish(event.pk, TEXT, boss, key="k").entry
    publishing.edit(first.pk, EntryContent("Gate still holds"), boss)
    with pytest.raises(KeyReused):
        publishing.publish(event.pk, EntryContent("Gate still holds"), boss, key="k")


def test_key_with_other_content_is_refused_and_shows_the_first(event, boss):
    first = publishing.publish(event.pk, TEXT, boss, key="k").entry
    with pytest.raises(KeyReused) as refused:
        publishing.publish(event.pk, EntryContent("Other"), boss, key="k")
    assert refused.value.first == first


def test_somebody_elses_key_is_no_obstacle(event, boss):
    other = User.objects.create(username="other", is_superuser=True)
    publishing.publish(event.pk, TEXT, boss, key="k")
    assert publishing.publish(event.pk, TEXT, other, key="k").is_new


def test_edit_within_a_minute_is_not_shown_as_one(event, boss):
    entry = publishing.publish(event.pk, TEXT, boss).entry
    edited = publishing.edit(entry.pk, EntryContent("Gate still holds"), boss)
    assert edited.updated_at is None


def test_later_edit_shows_when(event, boss):
    entry = publishing.publish(event.pk, TEXT, boss).entry
    later = entry.published_at + timedelta(minutes=2)
    edited = publishing.edit(entry.pk, EntryContent("Gate still holds"), boss, at=later)
    assert edited.updated_at == later


def test_edit_without_a_difference_takes_no_number(event, boss):
    entry = publishing.publish(event.pk, TEXT, boss).entry
    publishing.edit(entry.pk, TEXT, boss)
    assert Event.objects.get(pk=event.pk).head == entry.seq


def test_older_version_is_refused(event, boss):
    entry = publishing.publish(event.pk, TEXT, boss).entry
    publishing.edit(entry.pk, EntryContent("First"), boss, version=entry.version)
    with pytest.raises(NewerVersion) as refused:
        publishing.edit(entry.pk, EntryContent("Second"), boss, version=entry.version)
    assert refused.value.current.headline == "First"


def test_corrections_are_all_listed(event, boss):
    entry = publishing.publish(event.pk, TEXT, boss).entry
    publishing.correct(entry.pk, EntryContent("312 votes"), "312, not 321", boss)
    entry = publishing.correct(entry.pk, EntryContent("313 votes"), "313, not 312", boss)
    assert [correction["note"] for correction in entry.content["corrections"]] == [
        "312, not 321",
        "313, not 312",
    ]


def test_correction_keeps_what_earlier_edits_left(event, boss):
    entry = publishing.publish(event.pk, TEXT, boss).entry
    publishing.correct(entry.pk, EntryContent("312 votes"), "312, not 321", boss)
    entry = publishing.edit(entry.pk, EntryContent("312 votes in all"), boss)
    assert [correction["note"] for correction in entry.content["corrections"]] == ["312, not 321"]


def test_correction_of_nothing_is_refused(event, boss):
    entry = publishing.publish(event.pk, TEXT, boss).entry
    with pytest.raises(Refused):
        publishing.correct(entry.pk, TEXT, "Nothing", boss)


def test_correction_without_a_note_is_refused(event, boss):
    entry = publishing.publish(event.pk, TEXT, boss).entry
    with pytest.raises(Refused):
        publishing.correct(entry.pk, EntryContent("Other"), " ", boss)


def test_refused_operation_leaves_no_gap(event, boss):
    before = Event.objects.get(pk=event.pk)
    nobody = User.objects.create(username="nobody")
    with pytest.raises(PermissionDenied):
        publishing.publish(event.pk, TEXT, nobody)
    after = Event.objects.get(pk=event.pk)
    assert (after.head, after.desk_head) == (before.head, before.desk_head)


def test_log_is_numbered_without_holes(event, boss):
    entry = post(event, "One", author=boss)
    publishing.pin(post(event, "Two", author=boss).pk, boss)
    publishing.pin(entry.pk, boss)
    publishing.remove(entry.pk, boss, reason="legal")
    publishing.assign(event.pk, User.objects.create(username="new"), Role.MODERATOR, boss)
    publishing.restore(entry.pk, boss)

    seqs = list(Change.objects.filter(event=event, seq__isnull=False).order_by("seq").values_list("seq", flat=True))
    desk = list(Change.objects.filter(event=event).order_by("desk_seq").values_list("desk_seq", flat=True))
    head = Event.objects.get(pk=event.pk)
    assert seqs == list(range(1, head.head + 1))
    assert desk == list(range(1, head.desk_head + 1))


def test_pin_swap_is_one_step(event, boss):
    one, two = post(event, "One", author=boss), post(event, "Two", author=boss)
    publishing.pin(one.pk, boss)

    pinned = publishing.pin(two.pk, boss)

    unpinned = Entry.objects.get(pk=one.pk)
    assert (unpinned.is_pinned, pinned.is_pinned) == (False, True)
    assert (unpinned.seq, unpinned.batch_end, pinned.seq) == (pinned.seq - 1, pinned.seq, pinned.seq)


def test_removed_entry_comes_back_to_its_place(event, boss):
    entries = [post(event, headline, author=boss) for headline in ("One", "Two", "Three")]
    publishing.pin(entries[1].pk, boss)

    removed = publishing.remove(entries[1].pk, boss, reason="legal")
    assert (removed.is_pinned, Event.objects.get(pk=event.pk).entry_count) == (False, 2)
    restored = publishing.restore(entries[1].pk, boss)

    assert restored.order == entries[1].order
    assert Event.objects.get(pk=event.pk).entry_count == 3


def test_removed_entry_cannot_be_changed(event, boss):
    entry = post(event, "One", author=boss)
    publishing.remove(entry.pk, boss)
    for operation in (
        publishing.pin,
        lambda pk, who: publishing.mark_key(pk, who, is_key=True),
        lambda pk, who: publishing.edit(pk, TEXT, who),
    ):
        with pytest.raises(Refused):
            operation(entry.pk, boss)


def test_change_of_what_was_removed_meanwhile_says_so(event, boss):
    """Not that there is a newer version: it could not be put in its place."""
    entry = post(event, "One", author=boss)
    publishing.remove(entry.pk, boss)
    with pytest.raises(Refused) as refused:
        publishing.edit(entry.pk, TEXT, boss, version=entry.version)
    assert not isinstance(refused.value, NewerVersion)


def test_headline_too_long_is_refused(event, boss):
    with pytest.raises(ValidationError):
        publishing.publish(event.pk, EntryContent("x" * 201), boss)


def test_unknown_byline_is_refused(event, boss):
    with pytest.raises(ValidationError):
        publishing.publish(event.pk, EntryContent("News", bylines=(999,)), boss)
