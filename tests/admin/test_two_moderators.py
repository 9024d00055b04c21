"""Two moderators act on one update in the same moment, each from their own browser."""

from html import unescape
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.admin.desk_forms import controls
from tests.factories import make_event, make_member, post
from updates.models import Change, Entry, Event
from updates.rendering.items import item_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def event():
    return make_event()


@pytest.fixture
def browsers(event):
    clients = {}
    for name in ("tomas", "ines"):
        clients[name] = Client()
        clients[name].force_login(make_member(event, "moderator", name))
    return clients


def address(page, entry):
    return reverse(f"admin:updates_entry_{page}", args=[entry.pk])


def at_once(browsers, act):
    """What each browser is answered, when both begin together."""
    start, answers = Barrier(len(browsers)), {}

    def run(name, browser):
        try:
            start.wait()
            answers[name] = act(name, browser)
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in browsers.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_both_remove_it_and_the_second_is_told_by_whom(browsers, event):
    entry = post(event, "Gate leaking")

    answers = at_once(
        browsers, lambda name, browser: browser.post(address("remove", entry), {"reason": name}, follow=True)
    )

    removed = Change.objects.get(kind="remove")
    first = removed.actor.username
    (second,) = set(browsers) - {first}
    assert removed.reason == first
    pages = {name: unescape(answer.content.decode()) for name, answer in answers.items()}
    assert "Removed: Gate leaking" in pages[first]
    assert "Removed: Gate leaking" not in pages[second]
    assert f"Nothing was changed, because “Gate leaking” is already like this: {first} removed it at " in pages[second]


def test_both_correct_it_and_one_log_says_in_which_order(browsers, event):
    entry = post(event, "321 voted")
    forms = {name: controls(browser.get(address("correct", entry))) for name, browser in browsers.items()}

    def correct(name, browser):
        typed = {"headline": f"{name}'s number", "correction": f"says {name}"}
        return browser.post(address("correct", entry), forms[name] | typed)

    answers = at_once(browsers, correct)

    now, change = Entry.objects.get(pk=entry.pk), Change.objects.get(kind="correct")
    first = change.actor.username
    (second,) = set(browsers) - {first}
    assert [answers[name].status_code for name in (first, second)] == [302, 200]
    assert f"{first} corrected it at " in answers[second].content.decode()
    assert (now.headline, item_of(now)["note"]) == (f"{first}'s number", f"says {first}")
    assert (change.seq, Event.objects.get(pk=event.pk).head) == (now.seq, now.seq)


def test_one_pins_while_the_other_corrects_and_both_hold(browsers, event):
    entry = post(event, "321 voted")
    form = controls(browsers["ines"].get(address("correct", entry)))

    def act(name, browser):
        if name == "tomas":
            return browser.post(address("pin", entry))
        return browser.post(address("correct", entry), form | {"headline": "312 voted", "correction": "it was 312"})

    at_once(browsers, act)

    now = Entry.objects.get(pk=entry.pk)
    seqs = list(event.changes.exclude(seq=None).order_by("seq").values_list("seq", flat=True))
    assert (now.is_pinned, now.headline) == (True, "312 voted")
    assert seqs == list(range(1, len(seqs) + 1))
