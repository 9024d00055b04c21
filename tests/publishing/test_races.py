"""Everything that an operation decides on is read under its lock: another one may commit right before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import editor_of, make_event, make_picture, make_user, post
from tests.publishing.races import before_the_lock, in_thread
from updates import publishing
from updates.models import Change, Entry, Event, Image, Person
from updates.models.guard import writing
from updates.publishing import EntryContent, EntryInput, EventDetails, PhotoContent, Refused, TextContent
from updates.publishing.erasure import erase_entry
from updates.publishing.expiry import undo_show_until
from updates.publishing.operation import is_conflict
from updates.publishing.people import Newcomer, invite, make_link
from updates.publishing.unused_pictures import sweep_originals
from updates.types import User

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = [TextContent("<p>Zanzibar</p>")]


def photo(image):
    return PhotoContent(image.pk, "The gate", "Noor Hadad")


def kinds(entry):
    return [block["kind"] for block in Entry.objects.get(pk=entry.pk).content["blocks"]]


def test_erased_words_are_not_restored_by_an_undo_at_the_same_moment():
    root = make_user("root", superuser=True)
    entry = post(make_event(), "Zanzibar", blocks=WORDS)
    publishing.remove(entry.pk, root)

    with before_the_lock(lambda: erase_entry(entry.pk, root, reason="Court order")), pytest.raises(Refused):
        publishing.restore(entry.pk, root)

    assert "Zanzibar" not in str(Entry.objects.get(pk=entry.pk).content)


def test_erased_words_are_not_brought_back_as_an_earlier_version():
    root = make_user("root", superuser=True)
    event = make_event()
    entry = post(event, "Zanzibar", blocks=WORDS)
    first = Change.objects.filter(entry=entry).latest("desk_seq").desk_seq
    publishing.edit(entry.pk, EntryContent("Gate holds"), root)

    def erase():
        erase_entry(entry.pk, root, reason="Court order")

    with before_the_lock(erase), pytest.raises(Refused):
        publishing.restore_version(entry.pk, first, root)

    assert "Zanzibar" not in str(list(Change.objects.filter(entry=entry).values_list("snapshot", flat=True)))


@pytest.fixture
def expired():
    """A published photo whose time has just ended."""
    event = make_event()
    image = make_picture(editor_of(event))
    entry = post(event, "Photo", blocks=[*WORDS, photo(image)])
    now = timezone.now()
    publishing.show_until(event.pk, image.pk, now + timedelta(hours=1), editor_of(event), at=now)
    return event, entry, image, now + timedelta(hours=2)


def test_photo_whose_date_is_moved_at_the_same_moment_stays(expired):
    event, entry, image, later = expired

    def prolong():
        publishing.show_until(event.pk, image.pk, later + timedelta(days=1), editor_of(event))

    with before_the_lock(prolong):
        publishing.expire_pictures(later)

    assert kinds(entry) == ["text", "photo"]


def test_photo_whose_time_is_over_goes(expired):
    _, entry, _, later = expired
    publishing.expire_pictures(later)
    assert kinds(entry) == ["text"]


def test_lead_picture_whose_date_is_moved_at_the_same_moment_stays():
    event = make_event()
    boss = editor_of(event)
    image = make_picture(boss)
    now = timezone.now()
    publishing.change_event(event.pk, publishing.EventDetails(lead_picture=image.pk), boss)
    publishing.show_until(event.pk, image.pk, now + timedelta(hours=1), boss)

    def prolong():
        publishing.show_until(event.pk, image.pk, now + timedelta(days=1), boss)

    with before_the_lock(prolong):
        publishing.expire_pictures(now + timedelta(hours=2))

    event.refresh_from_db()
    assert event.lead_picture_id == image.pk


def test_date_of_a_photo_is_logged_where_it_comes_to_be_shown_at_the_same_moment():
    here, there = make_event(), make_event(author=None)
    root = make_user("root", superuser=True)
    image = make_picture(root)
    post(here, "Photo", author=root, blocks=[photo(image)])

    def use_elsewhere():
        post(there, "Photo", author=root, blocks=[photo(image)])

    with before_the_lock(use_elsewhere):
        publishing.show_until(here.pk, image.pk, timezone.now() + timedelta(days=1), root)

    logged = Change.objects.filter(kind="limit").values_list("event", flat=True)
    assert sorted(logged) == [here.pk, there.pk]


def test_date_of_a_photo_is_set_in_one_transaction():
    here, there = make_event(), make_event()
    root = make_user("root", superuser=True)
    image = make_picture(root)
    for event in (here, there):
        post(event, "Photo", author=root, blocks=[photo(image)])

    with CaptureQueriesContext(connection) as queries:
        publishing.show_until(here.pk, image.pk, timezone.now() + timedelta(days=1), root)

    assert [query["sql"] for query in queries if query["sql"].startswith("COMMIT")] == ["COMMIT"]
    assert Change.objects.filter(kind="limit").values_list("at", flat=True).distinct().order_by().count() == 1


def test_refused_words_take_back_only_their_own_date_of_a_photo():
    event = make_event()
    boss = editor_of(event)
    image = make_picture(boss)
    now = timezone.now()
    publishing.show_until(event.pk, image.pk, now + timedelta(hours=1), boss)

    def set_another():
        publishing.show_until(event.pk, image.pk, now + timedelta(hours=5), boss)

    with before_the_lock(set_another):
        undo_show_until(event.pk, image.pk, now - timedelta(hours=1), now + timedelta(hours=1), boss)

    assert Image.objects.get(pk=image.pk).expires_at == now + timedelta(hours=5)


def test_date_of_a_photo_that_is_swept_at_the_same_moment_is_refused_and_its_undo_does_nothing():
    event = make_event()
    boss = editor_of(event)
    image = make_picture(boss)
    now = timezone.now()
    sweep_originals(now - timedelta(days=settings.UNUSED_PICTURE_DAYS))

    with before_the_lock(sweep_originals), pytest.raises(ValidationError):
        publishing.show_until(event.pk, image.pk, now + timedelta(hours=1), boss)

    undo_show_until(event.pk, image.pk, now, now + timedelta(hours=1), boss)
    assert not Image.objects.filter(pk=image.pk).exists()


def test_whoever_is_taken_off_at_the_same_moment_publishes_nothing():
    event = make_event()
    root = make_user("root", superuser=True)
    writer = make_user()
    publishing.assign(event.pk, writer, "moderator", root)

    with (
        before_the_lock(lambda: publishing.unassign(event.pk, writer, root)),
        pytest.raises(PermissionDenied),
    ):
        publishing.publish(event.pk, EntryContent("News"), writer)

    assert not Entry.objects.filter(event=event).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_database_that_ends_a_deadlock_is_a_conflict_to_be_retried():
    first, second = make_event().pk, make_event().pk
    both_hold_one = Barrier(2)

    def lock_both(pks):
        try:
            with transaction.atomic(), writing():
                for pk in pks:
                    Event.objects.filter(pk=pk).update(desk_head=F("desk_head"))
                    if pk == pks[0]:
                        both_hold_one.wait()
        except OperationalError as error:
            return is_conflict(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lock_both, [(first, second), (second, first)]))

    assert sorted(results, key=str) == [None, True]


def test_no_link_is_made_for_an_account_that_gains_rights_at_the_same_moment():
    event = make_event()
    user = invite(event.pk, Newcomer("ines"), editor_of(event)).user

    with (
        before_the_lock(lambda: User.objects.filter(pk=user.pk).update(is_superuser=True)),
        pytest.raises(PermissionDenied),
    ):
        make_link(event.pk, user, editor_of(event))


def test_live_blogs_made_at_the_same_moment_have_addresses_of_their_own():
    boss = make_user(superuser=True)
    with before_the_lock(lambda: publishing.create_event(EventDetails(title="Storm"), boss)):
        publishing.create_event(EventDetails(title="Storm"), boss)
    assert set(Event.objects.values_list("slug", flat=True)) == {"storm", "storm-2"}


def test_address_that_another_live_blog_takes_at_the_same_moment_is_refused():
    boss = make_user(superuser=True)
    first, second = (publishing.create_event(EventDetails(title=title), boss) for title in ("Storm", "Flood"))
    named = EventDetails(slug="weather")
    with (
        before_the_lock(lambda: publishing.change_event(first.pk, named, boss)),
        pytest.raises(ValidationError, match="already exists"),
    ):
        publishing.change_event(second.pk, named, boss)
    assert set(Event.objects.values_list("slug", flat=True)) == {"weather", "flood"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_byline_that_is_deleted_at_the_same_moment_is_refused_with_a_reason():
    event, person = make_event(), Person.objects.create(name="Noor Hadad")
    deletions = [person.delete]

    def intercept(execute, sql, params, many, context):
        if deletions and sql.startswith('INSERT INTO "updates_byline"'):
            in_thread(deletions.pop())
        return execute(sql, params, many, context)

    draft = EntryInput(event.pk, EntryContent("News", bylines=(person.pk,)))
    with connection.execute_wrapper(intercept), pytest.raises(ValidationError, match="no longer in the list"):
        publishing.save_draft(draft, editor_of(event))
    assert not deletions
    assert not Entry.objects.filter(event=event).exists()
