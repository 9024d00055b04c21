"""Hostile markup and odd strings, sent through the desk's form into every field."""

from html.parser import HTMLParser

import pytest

from tests.admin.desk_forms import change_address, controls, desk_address, embed, entry_form, quote, text
from tests.samples import sample_json
from updates.content.allowed import TAGS
from updates.models import Entry
from updates.rendering import entry_html

pytestmark = pytest.mark.django_db

TOGETHER = 50
OURS = {
    "article",
    "div",
    "time",
    "span",
    "h2",
    "figure",
    "figcaption",
    "small",
    "blockquote",
    "footer",
    "b",
    "i",
    "bdi",
}
OURS |= {"p", "a", "svg", "use", "img", "picture", "source", "video"}


class _Live(HTMLParser):
    """Tags and attributes that a browser would see in an article."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        known = tag in OURS or tag in TAGS
        bad = [name for name, value in attrs if name.startswith("on") or name in {"style", "srcdoc", "formaction"}]
        bad += [value for name, value in attrs if name in {"href", "src"} and "script:" in (value or "").lower()]
        if not known or bad:
            self.found.append((tag, attrs))


def live_in(html):
    reader = _Live()
    reader.feed(html)
    return reader.found


def send(desk, event, blocks_of, strings, headline=""):
    """Publish strings in as few updates as go; those that the form refuses, with what it says of them."""
    form = entry_form(headline, *(blocks_of(one) for one in strings), key=f"key-{Entry.objects.count()}-{len(strings)}")
    answer = desk.post(desk_address(event), form, headers={"Accept": "application/json"}).json()
    if answer["state"] == "sent":
        return []
    if len(strings) == 1:
        said = " ".join([answer["reason"], *(why for all_of in answer["errors"].values() for why in all_of)]).strip()
        return [(strings[0], said)]
    half = len(strings) // 2
    return send(desk, event, blocks_of, strings[:half]) + send(desk, event, blocks_of, strings[half:])


def parts(strings):
    return [strings[start : start + TOGETHER] for start in range(0, len(strings), TOGETHER)]


def test_hostile_markup_is_stored_dead_in_every_field(desk, event):
    payloads = [one["payload"] for one in sample_json("hostile-html.json")["payloads"]][::12]
    refused = []
    for part in parts(payloads):
        refused += send(desk, event, text, part, headline=part[0][:150])
        refused += send(desk, event, lambda one: quote(one, one[:150]), part)
        refused += send(desk, event, lambda one: embed("https://example.org/", one[:150], one[-150:]), part)

    assert all(why for _payload, why in refused)
    assert [found for entry in Entry.objects.select_related("event") for found in live_in(entry_html(entry))] == []
    page = desk.get(desk_address(event)).content.decode()
    assert [row for row in page.split("<h3")[1:] if live_in(row[: row.index("</h3>")])] == []


def test_odd_strings_come_back_as_typed_but_for_outer_blanks_or_are_refused_with_the_reason(desk, event, noor):
    strings = [one["s"] for one in sample_json("odd-strings.json")["strings"]]
    refused = dict(
        part for some in parts(strings) for part in send(desk, event, lambda one: quote(one, "Somebody"), some)
    )

    kept = set()
    for entry in Entry.objects.filter(author=noor):
        typed = controls(desk.get(change_address(entry)))
        shown = {value.replace("\r\n", "\n") for name, value in typed.items() if name.endswith("-text")}
        assert shown - {""} == {block["text"] for block in entry.content["blocks"]}
        kept |= shown
    assert all(refused.values())
    for string in strings:
        tidy = string.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n")
        assert string in refused or tidy in kept, repr(string)
