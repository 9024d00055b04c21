"""Whatever is pasted: only allowed markup comes out, cleaning again changes nothing, and time stays in proportion."""

import json
from time import process_time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.content.test_sanitize import FRAGMENTS, PASTES, strange_parts
from tests.fuzz.bounds import examples, within
from tests.samples import SAMPLES
from updates.content.sanitize import clean_html, is_blank, plain_text

pytestmark = pytest.mark.fuzz

NAMES = [
    "p",
    "a",
    "b",
    "i",
    "ol",
    "ul",
    "li",
    "br",
    "del",
    "sup",
    "svg",
    "math",
    "style",
    "noscript",
    "template",
    "td",
    "x-y",
]
ATTRIBUTES = [
    "href", "HREF", "title", "rel", "style", "class", "hidden", "onclick", "start", "xlink:href", "srcdoc", "dir",
    "is",
]  # fmt: skip
VALUES = [
    "https://example.org/", "java\tscript:alert(1)", "&#106;avascript:x", "mailto:a@b", "tel:+49", "data:text/html,x",
    "text-decoration:line-through", "display:none", "vertical-align:super", "font-weight:700", "7", "-1", "\x01",
    "\u202e",
]  # fmt: skip
attributes = st.builds(
    lambda name, value, mark: f" {name}={mark}{value}{mark}",
    st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES) | st.text(max_size=8), st.sampled_from(['"', "'", ""]),
)  # fmt: skip
tags = st.builds(
    lambda slash, name, some, end: f"<{slash}{name}{''.join(some)}{end}",
    st.sampled_from(["", "", "/"]), st.sampled_from(NAMES), st.lists(attributes, max_size=3),
    st.sampled_from([">", ">", ">", "/>", "", " >"]),
)  # fmt: skip


def hostile():
    """Return what attackers paste; nothing where these samples are absent, as the others are tried without them."""
    file = SAMPLES / "hostile-html.json"
    return [item["payload"] for item in json.loads(file.read_text())["payloads"]] if file.exists() else []


payloads = st.sampled_from([*PASTES, *hostile()])
parts = tags | st.sampled_from(FRAGMENTS) | st.text(max_size=6) | payloads
documents = st.lists(parts, max_size=40).map("".join)


@given(documents)
@examples(250)
def test_only_allowed_markup_comes_out_and_cleaning_twice_changes_nothing(html):
    with within(seconds=5):
        try:
            once = clean_html(html)
        except ValidationError:
            return
    assert strange_parts(once) == []
    assert clean_html(once) == once
    assert is_blank(once) == (once == "")
    assert "\0" not in plain_text(once)


@given(st.lists(parts, min_size=1, max_size=4).map("".join).filter(bool))
@examples(60)
def test_time_and_memory_stay_in_proportion(html):
    """As long as a text may be, of one piece that comes again and again."""
    short, long = seconds(html * (20_000 // len(html))), seconds(html * (100_000 // len(html)))

    assert long < max(5, 5 * 3 * short)


def seconds(html):
    with within(seconds=10, megabytes=200):
        began = process_time()
        try:
            clean_html(html)
        except ValidationError:
            return 0.0
        return process_time() - began
