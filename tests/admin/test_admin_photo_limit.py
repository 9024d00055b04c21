"""Until when a photo may be shown, in the form of an update."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.admin.desk_forms import add_address, change_address, controls, entry_form, messages_of, photo, text
from tests.factories import editor_of, make_event, make_picture, picture_file, post
from updates import publishing
from updates.choices import ChangeKind
from updates.models import Change, Entry, Image, PhotoBlock
from updates.publishing import PhotoContent

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]


@pytest.fixture
def event(db):
    """Where clocks are two hours ahead."""
    return make_event(title="Storm Maren", time_zone="Africa/Johannesburg")


def dated(until, **fields):
    kind, values = photo(**fields)
    return kind, values | {"until": until}


def test_a_date_is_set_on_the_clock_of_the_event_and_shown_again(desk, event):
    desk.post(add_address(event), entry_form("Quay", dated("2041-03-13T18:00", file=picture_file())))

    assert Image.objects.get().expires_at == datetime(2041, 3, 13, 16, tzinfo=UTC)
    page = desk.get(change_address(Entry.objects.get())).content.decode()
    assert 'value="2041-03-13T18:00"' in page


def test_a_new_date_alone_is_a_change_that_readers_are_not_told_of(desk, event, noor):
    desk.post(add_address(event), entry_form("Quay", photo(picture_file())))
    entry = Entry.objects.get()
    picture = Image.objects.get()
    form = entry_form("Quay", dated("2041-03-13T18:00", picture=picture.public_id), version=entry.version)

    answer = desk.post(change_address(entry), form, follow=True)

    assert messages_of(answer)[-1].startswith("Changed:")
    assert (Entry.objects.get().seq, Image.objects.get().expires_at.year) == (entry.seq, 2041)
    assert Change.objects.first().kind == "limit"


def test_an_empty_field_leaves_the_date_of_a_photo(desk, event, noor):
    picture = make_picture(noor)
    publishing.show_until(event.pk, picture.pk, timezone.now() + timedelta(days=1), noor)
    desk.post(add_address(event), entry_form("Quay", photo(picture=picture.public_id)))
    assert Entry.objects.count() == 1
    assert Image.objects.get().expires_at is not None


@pytest.mark.parametrize("typed", ["2020-01-01T00:00", ""])
def test_past_its_time_a_photo_is_refused_and_what_was_typed_is_kept(desk, event, noor, typed):
    picture = make_picture(noor)
    publishing.show_until(event.pk, picture.pk, timezone.now() + timedelta(hours=1), noor)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        desk.force_login(noor)
        form = entry_form("Quay", text("<p>Long words.</p>"), dated(typed, picture=picture.public_id))
        answer = desk.post(add_address(event), form)
    assert Entry.objects.count() == 0
    assert "This photo has expired" in answer.content.decode()
    assert "Long words." in answer.content.decode()


def soon():
    return (timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")  # on the event's clock an hour from now


def test_a_date_of_a_photo_that_others_show_is_refused_and_nothing_is_lost(desk, event, noor):
    picture = make_picture(editor_of(event))
    theirs = post(event, author=editor_of(event), blocks=[PhotoContent(picture.pk, alt="The quay", credit="Wire")])
    form = entry_form("Mine", text("<p>Long words.</p>"), dated(soon(), picture=picture.public_id))

    answer = desk.post(add_address(event), form)

    assert (answer.status_code, Entry.objects.get(), Image.objects.get().expires_at) == (403, theirs, None)
    page = answer.content.decode()
    assert "Other people also use this photo" in page
    assert "Long words." in page
    assert picture.public_id in page

    desk.post(add_address(event), form | {"photo-0-until": ""})
    assert Entry.objects.count() == 2


def test_a_date_that_is_shown_there_already_is_nobodys_word(desk, event, noor):
    picture = make_picture(editor_of(event))
    moment = datetime(2041, 3, 13, 16, 0, 30, tzinfo=UTC)  # the field shows minutes
    publishing.show_until(event.pk, picture.pk, moment, editor_of(event))
    post(event, "Shows it", author=editor_of(event), blocks=[PhotoContent(picture.pk, "A quay", "Noor")])
    desk.post(add_address(event), entry_form("Quay", dated("2041-03-13T18:00", picture=picture.public_id)))
    assert (Entry.objects.count(), Image.objects.get().expires_at) == (2, moment)


def test_what_is_not_sent_dates_no_photo(desk, event, noor):
    """What a device saves by itself, and what an operation refuses."""
    picture = make_picture(noor)
    form = entry_form("Quay", dated(soon(), picture=picture.public_id))
    desk.post(add_address(event), form | {"_autosave": ""})
    assert (Entry.objects.get().status, Image.objects.get().expires_at) == ("draft", None)
    publishing.change_state(event.pk, ChangeKind.END, editor_of(event))
    answer = desk.post(add_address(event), form | {"key": "another", "_publish": ""})
    assert (Entry.objects.count(), Image.objects.get().expires_at) == (1, None)
    assert answer.context["errors"]


def test_with_words_that_are_refused_a_photo_whose_time_was_over_stays_over(desk, event, noor):
    picture, moment = make_picture(noor), timezone.now() + timedelta(hours=1)
    publishing.show_until(event.pk, picture.pk, moment, noor)
    publishing.change_state(event.pk, ChangeKind.END, editor_of(event))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        desk.force_login(noor)
        form = entry_form("Quay", dated("2041-03-13T18:00", picture=picture.public_id))
        answer = desk.post(add_address(event), form | {"_publish": ""})
    assert answer.context["errors"]
    assert (Entry.objects.count(), Image.objects.get().expires_at) == (0, moment)
    assert controls(answer)["photo-0-until"] == "2041-03-13T18:00"


def test_a_date_that_a_device_saved_by_itself_stays_with_the_draft(desk, event, noor):
    picture = make_picture(noor)
    form = entry_form("Quay", dated("2041-03-13T18:00", picture=picture.public_id))
    desk.post(add_address(event), form | {"_autosave": ""})
    entry, picture = Entry.objects.get(), Image.objects.get()
    assert picture.expires_at is None

    elsewhere = controls(desk.get(change_address(entry)))
    assert elsewhere["photo-0-until"] == "2041-03-13T18:00"
    desk.post(change_address(entry), elsewhere | {"_publish": ""})
    assert Entry.objects.get().is_published
    assert Image.objects.get().expires_at == datetime(2041, 3, 13, 16, tzinfo=UTC)


@pytest.mark.parametrize("way", ["_autosave", "_draft"])
def test_a_typed_date_leaves_the_draft_when_it_is_emptied_or_set(desk, event, noor, way):
    picture = make_picture(noor)
    form = entry_form("Quay", dated("2041-03-13T18:00", picture=picture.public_id))
    desk.post(add_address(event), form | {"_autosave": ""})
    desk.post(add_address(event), form | {way: ""} | ({"photo-0-until": ""} if way == "_autosave" else {}))
    moment = None if way == "_autosave" else datetime(2041, 3, 13, 16, tzinfo=UTC)
    assert (PhotoBlock.objects.get().until, Image.objects.get().expires_at) == (None, moment)


def test_with_a_later_moment_a_photo_whose_time_was_over_goes_out_again(desk, event, noor):
    picture = make_picture(noor)
    publishing.show_until(event.pk, picture.pk, timezone.now() + timedelta(hours=1), noor)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        desk.force_login(noor)
        desk.post(add_address(event), entry_form("Quay", dated("2041-03-13T18:00", picture=picture.public_id)))
    assert Entry.objects.get().is_published
    assert Image.objects.get().expires_at == datetime(2041, 3, 13, 16, tzinfo=UTC)
