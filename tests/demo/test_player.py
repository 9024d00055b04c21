"""The story continues by itself and does not interfere with people's work."""

import asyncio
from datetime import timedelta
from threading import Event as Flag
from threading import Thread

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from tests.factories import make_event, post
from tests.servers import CEILING, without_the_shared_server
from updates import nudge, publishing
from updates.choices import ChangeKind
from updates.demo.player import Player, Turn, count_remaining, take_turn
from updates.demo.progress import PAUSE, pause
from updates.demo.setup import newest_storm, set_up
from updates.demo.storm_future import FUTURE_STEPS
from updates.models import Change, Entry, Event
from updates.publishing import EventDetails

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(storm):
    return User.objects.get(username="editor")


def play(turns):
    return [take_turn() for _ in range(turns)]


def play_until(name):
    """Take turns until the newest update is the one of that name."""
    for _ in FUTURE_STEPS:
        take_turn()
        if entry := entry_of_step(name):
            return entry
    raise AssertionError(f"The story never came to {name}")


def entry_of_step(name):
    return Entry.objects.filter(idempotency_key=f"storm-maren/{name}").first()


def newest_kinds(storm, number):
    return list(Change.objects.filter(event=storm).order_by("-desk_seq").values_list("kind", flat=True)[:number])


def test_each_turn_tells_one_step_until_the_story_is_over(storm):
    turns = play(len(FUTURE_STEPS) + 2)

    assert turns == [Turn.STEP_DONE] * len(FUTURE_STEPS) + [Turn.FINISHED] * 2


def test_story_has_a_correction_an_edit_a_removal_pins_and_new_key_points(storm):
    before = storm.desk_head

    play(len(FUTURE_STEPS))

    kinds = Change.objects.filter(event=storm, desk_seq__gt=before).values_list("kind", flat=True)
    assert set(kinds) == {"publish", "edit", "correct", "remove", "pin", "unpin", "details"}
    after = Event.objects.get(pk=storm.pk)
    assert (after.status, after.title) == ("live", "Storm Maren: how Port\u00a0Ellery came through the tide")


def test_what_is_told_now_is_signed_by_those_who_would_write_it(storm):
    entry = play_until("in-sight")

    assert entry.author.username == "newsdesk"
    assert [byline["name"] for byline in entry.content["bylines"]] == ["Tomas Wrede"]
    assert timezone.now() - entry.published_at < timedelta(minutes=1)


def test_every_step_is_told_once_wherever_a_restart_falls(storm):
    """Turns share only the log, so every turn is like a restart."""
    play(len(FUTURE_STEPS) * 2)

    names = Entry.objects.filter(event=storm, author__username="newsdesk").values_list("idempotency_key", flat=True)
    assert len(names) == len(set(names))
    assert count_remaining(storm) == 0


def test_last_step_is_an_update_so_that_the_end_is_in_the_log(storm):
    assert FUTURE_STEPS[-1].kind == "publish"


def test_second_process_does_not_double_an_update(storm):
    first = play_until("in-sight")

    second = publishing.publish(storm.pk, publishing.read_content(first), first.author, key=first.idempotency_key)

    assert (second.is_new, second.entry.pk) == (False, first.pk)


def test_story_waits_while_somebody_posts_and_goes_on_later(storm, editor):
    before = timezone.now()
    post(storm, "Our own update", author=editor)

    assert take_turn() is Turn.PAUSED
    assert take_turn(before + PAUSE - timedelta(seconds=5)) is Turn.PAUSED
    assert take_turn(timezone.now() + PAUSE) is Turn.STEP_DONE


def test_story_waits_when_the_desk_asks_it_to(storm):
    pause(storm.pk)

    assert take_turn() is Turn.PAUSED


def test_own_changes_do_not_make_the_story_wait(storm):
    assert play(3) == [Turn.STEP_DONE] * 3


def test_work_on_another_live_blog_does_not_make_it_wait(storm):
    post(make_event(), "Elsewhere")

    assert take_turn() is Turn.STEP_DONE


def test_live_blog_that_somebody_ended_stays_quiet_until_it_is_reopened(storm, editor):
    later = timezone.now() + PAUSE
    publishing.change_state(storm.pk, ChangeKind.END, editor)
    assert take_turn(later) is Turn.PAUSED

    publishing.change_state(storm.pk, ChangeKind.REOPEN, editor)

    assert take_turn(later + PAUSE) is Turn.STEP_DONE


def test_title_that_a_person_has_given_stays(storm, editor):
    publishing.change_event(storm.pk, EventDetails(title="Our own title"), editor)

    play_to_the_end()

    assert Event.objects.get(pk=storm.pk).title == "Our own title"


def test_pin_that_a_person_has_set_stays(storm, editor):
    mine = post(storm, "Our own update", author=editor)
    publishing.pin(mine.pk, editor)

    play_to_the_end()

    assert list(storm.entries.filter(is_pinned=True)) == [mine]


def test_update_that_a_person_has_edited_is_not_corrected_over_their_words(storm, editor):
    steps = play_until("steps")
    words = publishing.EntryContent("Water on the steps", (publishing.TextContent("<p>Our own words.</p>"),))
    publishing.edit(steps.pk, words, editor)

    play_to_the_end()

    steps.refresh_from_db()
    assert (steps.headline, steps.content["corrections"]) == ("Water on the steps", [])


def test_update_that_a_person_has_removed_stays_removed_and_the_story_goes_on(storm, editor):
    steps = play_until("steps")
    publishing.remove(steps.pk, editor)

    play_to_the_end()

    assert entry_of_step("quieter").is_published
    steps.refresh_from_db()
    assert steps.is_removed


def play_to_the_end():
    later = timezone.now() + PAUSE
    while take_turn(later) is Turn.STEP_DONE:
        pass


def test_there_is_nothing_to_play_without_a_demo(db):
    make_event(slug="storm-maren")

    assert take_turn() is Turn.NO_DEMO


@pytest.mark.django_db(transaction=True)
async def test_task_ends_by_itself_where_there_is_no_demo():
    await asyncio.wait_for(Player(every=0.01).run(), CEILING)


@pytest.mark.django_db(transaction=True)
async def test_task_tells_the_story_until_it_is_cancelled():
    await database_sync_to_async(set_up)(timezone.now())
    loop, thrice, moved = asyncio.get_running_loop(), asyncio.Event(), []

    def hear(event_id):
        moved.append(event_id)
        if len(moved) == 3:
            loop.call_soon_threadsafe(thrice.set)

    nudge.listen(hear)
    try:
        task = asyncio.create_task(Player(every=0.01).run())
        await asyncio.wait_for(thrice.wait(), CEILING)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await loop.shutdown_default_executor()  # a turn that had begun ends by itself
    finally:
        nudge.listen(None)

    storm = await database_sync_to_async(newest_storm)()
    assert set(moved) == {storm.pk}


@pytest.mark.django_db(transaction=True)
async def test_locked_database_is_tried_again_at_the_next_turn(caplog, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL waits for a lock instead of refusing")
    await database_sync_to_async(set_up)(timezone.now())
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    player = Player(every=3)

    locked, unlock = Flag(), Flag()
    holder = Thread(target=hold_the_lock, args=(locked, unlock))
    with without_the_shared_server():
        holder.start()
        assert locked.wait(CEILING)
        refused = await player._turn()
        unlock.set()
        holder.join(CEILING)

        assert refused is Turn.PAUSED
        assert "trying again in 3 s" in caplog.text
        assert await player._turn() is Turn.STEP_DONE


def hold_the_lock(locked, unlock):
    try:
        with transaction.atomic():
            locked.set()
            unlock.wait(CEILING)
    finally:
        connection.close()
