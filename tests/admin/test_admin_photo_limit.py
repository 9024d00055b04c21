"""Until when a photo may be shown, in the form of an update."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.admin.desk_forms import add_address, change_address, entry_form, photo, said, text
from tests.factories import make_event, make_picture, picture_file
from updates import publishing
from updates.models import Change, Entry, Image

pytestmark = pytest.mark.django_db


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
    kept = Image.objects.get()
    form = entry_form("Quay", dated("2041-03-13T18:00", kept=kept.public_id), version=entry.version)

    answer = desk.post(change_address(entry), form, follow=True)

    assert said(answer)[-1].startswith("Changed:")
    assert (Entry.objects.get().seq, Image.objects.get().expires_at.year) == (entry.seq, 2041)
    assert Change.objects.first().kind == "limit"


def test_left_empty_a_date_stays(desk, event, noor):
    picture = make_picture(noor)
    publishing.show_until(event.pk, picture.pk, timezone.now() + timedelta(days=1), noor)
    desk.post(add_address(event), entry_form("Quay", photo(kept=picture.public_id)))
    assert Entry.objects.count() == 1
    assert Image.objects.get().expires_at is not None


@pytest.mark.parametrize("typed", ["2020-01-01T00:00", ""])
def test_past_its_time_a_photo_is_refused_and_what_was_typed_is_kept(desk, event, noor, typed):
    picture = make_picture(noor)
    publishing.show_until(event.pk, picture.pk, timezone.now() + timedelta(hours=1), noor)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        desk.force_login(noor)
        form = entry_form("Quay", text("<p>Long words.</p>"), dated(typed, kept=picture.public_id))
        answer = desk.post(add_address(event), form)
    assert Entry.objects.count() == 0
    assert "Its time is over" in answer.content.decode()
    assert "Long words." in answer.content.decode()
