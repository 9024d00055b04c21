"""After an action: how many open pages have it, and the way back."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.admin.desk_forms import change_address, entry_form, list_address, text
from tests.admin.test_admin_moderation import act
from tests.factories import make_event, make_member, make_user, post, post_many
from updates import publishing
from updates.admin.entry.last_action import SHOWN_FOR
from updates.models import Delivery, Entry, Event

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def moderator(client, tomas):
    client.force_login(tomas)
    return client


def figures(event, seq, **values):
    """As a server process writes them."""
    Delivery.objects.create(
        event=event, process="one", after=seq - 1, seq=seq, handed_at=timezone.now(), until=timezone.now(), **values
    )


def line(response):
    """What the line of the page says, and where its “Undo” leads."""
    done = response.context["last_action"]
    return done and (done["words"], done["undo"])


def undo(client, response):
    done = response.context["last_action"]
    fields = {"back": done["back"]} | ({"pinned": "1"} if done["pinned"] else {}) | {"above": done["above"]}
    return client.post(done["undo"], fields, follow=True)


@pytest.mark.parametrize(
    ("action", "field", "before", "after"),
    [
        pytest.param("pin", "is_pinned", False, True, marks=pytest.mark.once),
        pytest.param("unpin", "is_pinned", True, False, marks=pytest.mark.once),
        pytest.param("key", "is_key", False, True, marks=pytest.mark.once),
        pytest.param("unkey", "is_key", True, False, marks=pytest.mark.once),
        ("remove", "status", "published", "removed"),
    ],
)
def test_each_action_can_be_undone(moderator, event, tomas, action, field, before, after):
    entry = post(event, "Gate leaking", author=tomas, is_key=action == "unkey")
    post(event, "On top of it", author=tomas)
    if action == "unpin":
        publishing.pin(entry.pk, tomas)
    entry.refresh_from_db()
    order = entry.order

    done = act(moderator, entry, action, back=list_address(event))
    entry.refresh_from_db()
    assert (getattr(entry, field), bool(line(done)[1])) == (after, True)
    assert b"Undo: Gate leaking" in done.content

    undo(moderator, done)
    entry.refresh_from_db()
    assert (getattr(entry, field), entry.order) == (before, order)


@pytest.mark.once
def test_a_pin_that_took_the_place_of_another_gives_it_back(moderator, event, tomas):
    first, second = post(event, "First", author=tomas), post(event, "Second", author=tomas)
    publishing.pin(first.pk, tomas)

    undo(moderator, act(moderator, second, "pin"))

    assert list(Entry.objects.filter(is_pinned=True)) == [first]


@pytest.mark.parametrize(("another", "pinned"), [(False, "Where to go"), (True, "Another")])
@pytest.mark.once
def test_what_was_pinned_when_it_was_removed_is_pinned_again_where_the_place_is_free(
    moderator, event, tomas, another, pinned
):
    entry, other = post(event, "Where to go", author=tomas), post(event, "Another", author=tomas)
    publishing.pin(entry.pk, tomas)
    removed = act(moderator, entry, "remove")
    if another:
        publishing.pin(other.pk, tomas)

    head = Event.objects.get(pk=event.pk).head
    undo(moderator, removed)

    assert Entry.objects.get(is_pinned=True).title == pinned
    assert Event.objects.get(pk=event.pk).head == head + 1
    assert Entry.objects.get(pk=entry.pk).is_published


def test_what_was_restored_is_removed_again_by_way_of_the_page_that_asks(moderator, event, tomas):
    entry = post(event, "Gate leaking", author=tomas)
    publishing.remove(entry.pk, tomas)
    done = act(moderator, entry, "restore").context["last_action"]
    assert done["asks"]
    assert done["undo"] == reverse("admin:updates_entry_remove", args=[entry.pk])


def test_moved_up_it_goes_down_again(moderator, event, tomas):
    first, second = post(event, "First", author=tomas), post(event, "Second", author=tomas)
    undo(moderator, act(moderator, first, "up"))
    assert list(event.entries.published().newest_first()) == [second, first]


@pytest.mark.parametrize(
    ("moved", "above", "order"),
    [
        (0, 2, "2, 3, 1, 4"),
        (0, "top", "2, 3, 4, 1"),
        (3, "bottom", "4, 1, 2, 3"),
        (3, 0, "1, 4, 2, 3"),
        (1, 0, "1, 2, 3, 4"),
    ],
)
@pytest.mark.once
def test_moved_over_many_places_it_goes_back_at_once(moderator, event, moved, above, order):
    entries = post_many(event, 4)
    entry, head = entries[moved], event_head(event)
    sent = above if isinstance(above, str) else entries[above].pk

    response = moderator.post(
        reverse("admin:updates_entry_move", args=[entry.pk]), {"above": sent, "back": list_address(event)}, follow=True
    )
    assert order_of(event) == order
    if order == "1, 2, 3, 4":
        assert event_head(event) == head
        return
    assert event_head(event) == head + 1
    assert not response.context["last_action"]["asks"]
    undo(moderator, response)
    assert order_of(event) == "1, 2, 3, 4"


def event_head(event):
    return Event.objects.get(pk=event.pk).head


def order_of(event):
    """From the oldest place."""
    return ", ".join(entry.title.removeprefix("Update ") for entry in event.entries.published().newest_first()[::-1])


@pytest.mark.parametrize("above", ["", "nowhere", "9999", "-1", "9" * 40, "self", "elsewhere"])
@pytest.mark.once
def test_a_place_that_does_not_exist_is_refused_with_a_reason(moderator, event, above):
    entries = post_many(event, 2)
    pks = {"self": entries[0].pk, "elsewhere": post(make_event(slug="flood"), "Flood").pk}
    address = reverse("admin:updates_entry_move", args=[entries[0].pk])
    response = moderator.post(address, {"above": pks.get(above, above)}, headers={"Accept": "application/json"})
    assert response.status_code == 422
    assert response.json()["reason"] or response.json()["errors"]["above"]
    assert order_of(event) == "1, 2"


def test_the_page_offers_the_places_near_it_and_both_ends(moderator, event):
    entries = post_many(event, 4)
    response = moderator.get(reverse("admin:updates_entry_move", args=[entries[2].pk]))
    choices = [label for _value, label in response.context["form"].fields["above"].widget.choices]
    assert choices == ["At the top", "Above: 12:04 Update 4", "Above: 12:01 Update 1", "At the bottom"]


def test_other_words_are_taken_back_on_the_page_of_the_version_before(moderator, event, tomas):
    entry = post(event, "312 for", author=tomas)
    form = entry_form("321 for", text("<p>321 for.</p>"), version=entry.version)
    changed = moderator.post(change_address(entry), form, follow=True)

    page = moderator.get(line(changed)[1])
    moderator.post(line(changed)[1], {"version": page.context["form"]["version"].value(), "note": ""})

    assert Entry.objects.get().headline == "312 for"


@pytest.mark.once
def test_undo_goes_once_somebody_has_taken_another_step(moderator, event, tomas):
    entry = post(event, "Gate leaking", author=tomas)
    act(moderator, entry, "key")
    publishing.pin(entry.pk, tomas)
    assert line(moderator.get(list_address(event)))[1] == ""


def test_the_line_says_how_many_have_it_and_stays_when_the_page_is_loaded_again(moderator, event, tomas):
    entry = post(event, "Gate leaking", author=tomas)
    act(moderator, entry, "remove")
    nobody = line(moderator.get(list_address(event)))[0]
    entry.refresh_from_db()
    figures(event, entry.seq, sent=3104, requested=200, confirmed=199)
    Delivery.objects.update(handed_at=entry.removed_at + timedelta(seconds=0.4))

    asking = line(moderator.get(list_address(event)))[0]
    Delivery.objects.update(confirmed=200)
    page = moderator.get(list_address(event))

    assert nobody == "Open pages are being counted; other pages remove it when they reconnect."
    tail = "other pages remove it when they reconnect."
    assert asking == f"Sent to 3,104 open pages in 0.4 s, checking a sample of them; {tail}"
    assert line(page)[0] == f"Sent to 3,104 open pages in 0.4 s, about 100 % confirmed; {tail}"
    assert page.content.count(b"Sent to 3,104") == 1


@pytest.mark.once
def test_the_line_goes_after_a_while_and_is_nobody_elses(moderator, event, tomas, client):
    entry = post(event, "Gate leaking", author=tomas)
    act(moderator, entry, "key")
    with time_machine.travel(time.time() + SHOWN_FOR + 1):
        assert not line(moderator.get(list_address(event)))
    assert line(moderator.get(list_address(event)))
    client.force_login(make_member(event))
    assert not line(client.get(list_address(event)))


def test_figures_are_for_those_who_work_on_the_event(client, event, tomas, noor):
    entry = publishing.pin(post(event, "Gate leaking", author=tomas).pk, tomas)
    figures(event, entry.seq, sent=2, requested=2, confirmed=1)
    address = reverse("admin:updates_entry_delivered", args=[event.pk, entry.seq])

    assert client.get(address).status_code == 302
    client.force_login(noor)
    answer = client.get(address).json()
    assert (answer["sent"], answer["requested"], answer["confirmed"], answer["share"]) == (2, 2, 1, 50)
    assert client.get(reverse("admin:updates_entry_delivered", args=[event.pk, 99])).status_code == 404
    client.force_login(make_member(make_event()))
    assert client.get(address).status_code == 404
    client.force_login(make_user())
    assert client.get(address).status_code == 404
