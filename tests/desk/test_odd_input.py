"""Hostile markup and odd strings, sent through the desk's form into every field of the blocks."""

from html import escape, unescape

import pytest

from tests.admin.desk_forms import KINDS, change_address, controls, desk_address, embed, entry_form, photo, quote, text
from tests.desk.hostile import live_in
from tests.desk.test_odd_notes import EVERY
from tests.factories import make_picture
from tests.samples import sample_json
from updates.content.text import clean_line, clean_lines
from updates.models import Entry
from updates.rendering import entry_html

pytestmark = [pytest.mark.django_db, pytest.mark.long]

TOGETHER = 40


def send(desk, event, blocks_of, strings, headline=""):
    """Publish strings in as few updates as go; those that the form refuses, with what it says of them."""
    blocks = (block for one in strings for block in blocks_of(one))
    form = entry_form(headline, *blocks, key=f"key-{Entry.objects.count()}-{len(strings)}")
    answer = desk.post(desk_address(event), form, headers={"Accept": "application/json"}).json()
    if answer["state"] == "sent":
        return {}
    if len(strings) == 1:
        reasons = " ".join([answer["reason"], *(why for all_of in answer["errors"].values() for why in all_of)]).strip()
        return {strings[0]: reasons}
    half = len(strings) // 2
    return send(desk, event, blocks_of, strings[:half]) | send(desk, event, blocks_of, strings[half:])


def parts(strings):
    return [strings[start : start + TOGETHER] for start in range(0, len(strings), TOGETHER)]


@pytest.fixture
def picture_id(noor):
    return make_picture(noor).public_id


def saying(picture_id, lead="https://example.org/"):
    """A block of each kind with a string in its every field, as long as the field takes."""
    return [
        text,
        lambda one: quote(one, one[:200]),
        lambda one: photo(picture=picture_id, alt=one[:500], caption=one[:1000], credit=one[:200]),
        lambda one: embed(lead, one[:200], one[:200]),
    ]


@pytest.mark.once
def test_hostile_markup_is_stored_dead_in_every_block(desk, event, picture_id):
    """Each payload as text, where markup is allowed, and in one of the kinds whose fields know none."""
    payloads = [one["payload"] for one in sample_json("hostile-html.json")["payloads"]]
    kinds, refused = saying(picture_id), {}
    for place, other in enumerate(kinds[1:]):
        for part in parts(payloads[place::3]):
            refused |= send(desk, event, lambda one, other=other: [text(one), other(one)], part, headline=part[0][:200])

    assert all(refused.values())
    entries = list(Entry.objects.select_related("event"))
    assert {block["kind"] for entry in entries for block in entry.content["blocks"]} == set(KINDS)
    assert [part for entry in entries for part in live_in(entry_html(entry))] == []
    page = desk.get(desk_address(event)).content.decode()
    assert [row for row in page.split("<h3")[1:] if live_in(row[: row.index("</h3>")])] == []


FIELDS = {
    "text": {"html": None},
    "quote": {"text": None, "attribution": 200},
    "photo": {"alt": 500, "caption": 1000, "credit": 200},
    "embed": {"lead_in": 200, "title": 200},
}


def test_odd_strings_come_back_as_typed_but_for_outer_blanks_or_are_refused_with_the_reason(desk, event, picture_id):
    step = max(EVERY // 2, 1)
    strings = [one["s"] for one in sample_json("odd-strings.json")["strings"]][EVERY // 2 :: step]
    _text, *others = saying(picture_id)
    refused = {}
    for part in parts(strings):
        refused |= send(
            desk, event, lambda one: [text(f"<p>{escape(one)}</p>"), *(other(one) for other in others)], part
        )

    stored = {(kind, field): set() for kind, fields in FIELDS.items() for field in fields}
    for entry in Entry.objects.all():
        typed = controls(desk.get(change_address(entry)))
        for (kind, field), values in stored.items():
            stored_now = {block[field] for block in entry.content["blocks"] if block["kind"] == kind}
            typed_now = {value for name, value in typed.items() if name.startswith(kind) and name.endswith(f"-{field}")}
            assert {value.replace("\r\n", "\n") for value in typed_now} - {""} == stored_now - {""}
            values.update(stored_now)
    stored["text", "html"] = {clean_line(unescape(html[3:-4])) for html in stored["text", "html"]}
    assert all(refused.values())
    for (kind, field), values in stored.items():
        tidied = clean_lines if (kind, field) == ("quote", "text") else clean_line
        lost = [one for one in strings if one not in refused and tidied(one[: FIELDS[kind][field]]) not in values]
        assert lost == [], (kind, field)
