import pytest
import time_machine

from tests.factories import NOON, editor_of, make_event, post, post_many
from tests.pages import page
from updates import publishing
from updates.choices import ChangeKind

pytestmark = pytest.mark.django_db


@time_machine.travel(NOON, tick=False)  # days of other years would show it
def test_upcoming_event_says_when_it_starts(client):
    event = make_event(status="upcoming", planned_start=NOON, time_zone="Europe/Berlin")
    tree = page(client, f"/{event.slug}/")
    assert tree.one("div", cls="start").text == ("Starts Thursday 13 March at 13:00 CET Add to calendar")


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_note_says_why_it_does_not_start(client, status):
    event = make_event(status=status, note="The wind is too strong.")
    assert page(client, f"/{event.slug}/").one("div", cls="start").text == (
        f"{status.capitalize()} The wind is too strong."
    )


def test_ended_event_has_nothing_live_left(client):
    event = make_event(status="ended", at=NOON, note="Thank you.", time_zone="Europe/Berlin")
    tree = page(client, f"/{event.slug}/")
    assert tree.one(data_part="watch-state")["data-is"] == "ended"
    assert tree.one("p", cls="end").text == "Thank you."
    assert "hidden" in tree.one(data_latest=True)
    assert tree.one(data_part="head").one("p", cls="meta").text == (
        "Thursday 13 March 2031, 13:00 to 13:00 CET · 0 updates"
    )


def test_without_scripts_the_page_says_how_old_it_is_and_how_to_refresh(client, event):
    first, second = page(client, f"/{event.slug}/").one("section", cls="watch").all("noscript")
    assert first.text.startswith("· as of ")
    assert (second.text, second.one("a")["href"]) == ("Refresh for latest updates", f"/{event.slug}/")


def ad_places(tree):
    children = [child for child in tree.one(data_entries=True).children if not isinstance(child, str)]
    slots = [number for number, child in enumerate(children) if "ad" in child.classes]
    return [number - before for before, number in enumerate(slots)]


def test_advertisements_follow_the_second_entry_and_every_fourth(client, event):
    post_many(event, 10)
    tree = page(client, f"/{event.slug}/")
    assert ad_places(tree) == [2, 6]
    slots = tree.all("div", cls="ad")
    assert {(slot["role"], slot["aria-label"]) for slot in slots} == {("group", "Advertisement")}
    assert [slot["data-slot"] for slot in slots] == ["1", "2", ""]
    assert tree.one("template", id="ad-slot").one("p").text == "Advertisement"


@pytest.mark.parametrize("details", [{"sensitive": True}, {"shows_ads": False}])
def test_event_without_advertisements_has_no_slot(client, details):
    event = make_event(**details)
    post_many(event, 10)
    tree = page(client, f"/{event.slug}/")
    assert (ad_places(tree), tree.all("template", id="ad-slot")) == ([], [])


def test_without_a_filler_there_is_neither_slot_nor_label(client, event, settings):
    settings.AD_TEMPLATE = ""
    post_many(event, 10)
    assert "Advertisement" not in page(client, f"/{event.slug}/").text


def test_cancelled_event_promises_no_update(client):
    event = make_event(status="upcoming")
    assert "The first one will appear here" in page(client, f"/{event.slug}/").text
    publishing.change_state(event.pk, ChangeKind.CANCEL, editor_of(event), note="Nobody came.")
    assert "will appear here" not in page(client, f"/{event.slug}/").text


def test_upcoming_event_says_who_reports_and_offers_a_calendar_file(client):
    event = make_event(status="upcoming", byline="Ines Calder", planned_start=NOON)
    head = page(client, f"/{event.slug}/").one(data_part="head")
    assert head.one(cls="names").text == "Reporting: Ines Calder"
    assert head.one(cls="start").one("a")["href"] == f"/{event.slug}/calendar.ics"


@pytest.mark.parametrize("query", ["?page=1", "?filter=key", "?order=oldest&page=2", "?order=oldest&page=last"])
def test_archive_and_filter_pages_begin_with_their_updates(client, query):
    event = make_event(title="Storm", page_size=2, standfirst="Words.", key_points=("<p>Point.</p>",))
    for number in range(5):
        post(event, f"Update {number}", is_key=True, author=editor_of(event))
    tree = page(client, f"/{event.slug}/{query}")
    assert (tree.one("h1").text, tree.one("h1").one("a")["href"]) == ("Storm", f"/{event.slug}/")
    assert tree.all(data_part="head") == []
    assert "part" in tree.one("main").classes
