"""Hostile markup and odd strings in what is said about updates and above them: headline, byline, notes, the panel."""

import os
from html import unescape

import pytest
from django.urls import reverse

from tests.admin.desk_forms import add_address, desk_address, entry_form, errors, text
from tests.desk.hostile import counted, live_in, markup_in
from tests.factories import make_editor, make_event, post
from tests.samples import sample_json
from updates.content.text import clean_line, clean_lines
from updates.models import Change, Entry, Event, Person
from updates.rendering import entry_html, event_item

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

JSON = {"Accept": "application/json"}

EVERY = int(os.environ.get("ODD_STRINGS_EVERY", "6"))
"""One odd string in so many is tried in each field; `make prove` tries them all, and six times as much markup."""


@pytest.fixture
def boss(db):
    return make_editor("boss")


@pytest.fixture
def event(boss):
    return make_event(title="Storm Maren", author=boss, standfirst="So far", key_points=("<p>First</p>",))


@pytest.fixture
def browser(client, boss):
    client.force_login(boss)
    return client


def why(answer):
    """What a form that was refused says."""
    response = answer.json()
    all_of = [response.get("reason", ""), *(one for some in response.get("errors", {}).values() for one in some)]
    return "" if response["state"] == "sent" else " ".join(all_of).strip() or "?"


def headline(browser, event, words):
    form = entry_form(words, text("<p>x</p>"), key=f"key-{Entry.objects.count()}")
    refused = why(browser.post(add_address(event), form, headers=JSON))
    return refused, None if refused else Entry.objects.latest("pk").content["headline"]


def correction(browser, event, words):
    entry = post(event, "312 voted", author=browser.boss)
    form = entry_form("321 voted", correction=words, shows_change="on", version=entry.version, _save="1")
    refused = why(browser.post(reverse("admin:updates_entry_correct", args=[entry.pk]), form, headers=JSON))
    return refused, None if refused else Entry.objects.get(pk=entry.pk).content["corrections"][0]["note"]


def removal(browser, event, words):
    entry = post(event, "Withdrawn", author=browser.boss)
    address = reverse("admin:updates_entry_remove", args=[entry.pk])
    refused = why(browser.post(address, {"reason": words, "reader_note": words}, headers=JSON))
    entry.refresh_from_db()
    assert refused or Change.objects.filter(entry=entry).first().reason == clean_lines(words)
    return refused, None if refused else entry.reader_note


def byline(browser, event, words):
    """A name and a role line; whoever bears them signs an update."""
    known = Person.objects.count()
    answer = browser.post(reverse("admin:updates_person_add"), {"name": words, "role_line": words, "user": ""})
    if Person.objects.count() == known:
        return " ".join(errors(answer)), None
    somebody = Person.objects.latest("pk")
    browser.post(add_address(event), entry_form("Signed", key=f"key-{Entry.objects.count()}", bylines=[somebody.pk]))
    (signed,) = Entry.objects.latest("pk").content["bylines"]
    assert (signed["name"], signed["role"]) == (somebody.name, somebody.role_line)
    return "", somebody.name


def panel(browser, event, **fields):
    present = Event.objects.get(pk=event.pk)
    form = {"title": present.title, "standfirst": present.standfirst, "version": present.version, "key_points": ""}
    refused = why(browser.post(reverse("admin:updates_event_panel", args=[event.pk]), form | fields, headers=JSON))
    return refused, Event.objects.get(pk=event.pk)


def title(browser, event, words):
    refused, present = panel(browser, event, title=words)
    return refused, present.title


def standfirst(browser, event, words):
    refused, present = panel(browser, event, standfirst=words)
    return refused, present.standfirst


def points(browser, event, words):
    """As a browser without a script sends them, in plain lines. Each becomes a paragraph, which may have markup."""
    refused, present = panel(browser, event, key_points=words)
    return refused, in_one_line(" ".join(unescape(point[3:-4]) for point in present.key_points))


def in_one_line(words):
    return " ".join(words.split())


FIELDS = {headline: 200, correction: 300, removal: 300, byline: 120, title: 200, standfirst: 1000, points: 1000}


def test_hostile_markup_is_dead_wherever_it_stands(browser, event, boss):
    browser.boss = boss
    for field in FIELDS:
        field(browser, event, "Harmless")
    pages = [event.get_absolute_url(), f"{event.get_absolute_url()}corrections/", desk_address(event)]
    clean = {page: counted(browser.get(page).content.decode()) for page in pages}
    ours = {tag for tag, _attrs in markup_in(event_item(Event.objects.get())["html"])}

    payloads = [one["payload"] for one in sample_json("hostile-html.json")["payloads"] if one["active"]]
    for payload in payloads[:: 4 * EVERY]:
        for field, most in FIELDS.items():
            field(browser, event, payload[:most])
        assert live_in(event_item(Event.objects.get())["html"], ours) == []
        assert live_in(f"<p>{''.join(Event.objects.get().key_points)}</p>") == []

    assert [part for entry in Entry.objects.select_related("event") for part in live_in(entry_html(entry))] == []
    for page, tags in clean.items():
        now = counted(browser.get(page).content.decode())
        assert set(now) <= set(tags) | {"b", "i", "em", "strong", "a", "ul", "ol", "li", "br"}, page
        assert [now.get(tag) for tag in ("script", "style")] == [tags.get(tag) for tag in ("script", "style")], page


@pytest.mark.parametrize(("field", "most"), FIELDS.items())
def test_odd_strings_come_back_as_typed_or_are_refused_with_the_reason(browser, event, boss, field, most):
    browser.boss = boss
    strings = [one["s"] for one in sample_json("odd-strings.json")["strings"]][::EVERY]
    if field is points:
        strings = [one for one in strings if "<" not in one]
    tidied = {standfirst: clean_lines, points: in_one_line}.get(field, clean_line)
    lost = []
    for words in (string[:most] for string in strings):
        refused, stored = field(browser, event, words)
        if not refused and stored != tidied(words):
            lost.append((words, stored))
    assert lost == []
