"""A file that is odd in any place is imported exactly, or refused in words with nothing written."""

import json
from base64 import b64encode
from copy import deepcopy

import hypothesis
import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.content.pictures import drawn, saved
from tests.exchange.test_bad_files import counted
from tests.exchange.test_round_trip import elsewhere
from tests.fuzz.bounds import examples, within
from updates.exchange.problems import BadFile
from updates.exchange.reading import import_file
from updates.exchange.writing import export_event

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db]

VALUES = [
    None, True, False, 0, -1, 1, 7.5, 1e300, float("nan"), float("inf"), 2**31, 2**63, 10**400, "", " ", "0",
    "x" * 300,
    "x" * 200_000, "\0", "\ud800", "\u202e", "\u200b", "[", [], {}, [[]], {"": None}, [None], "live", "draft",
    "ended", "text",
    "photo", "embed", "quote", "Europe/London", "Mars/Olympus", "2031-03-13T12:00:00Z", "2031-03-13T12:00:00",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2031-02-30T00:00:00Z", "ar", "tlh", "../../etc/passwd",
    "/dev/zero", "storm-maren", "<script>", "https://youtu.be/abcdefghijk", "javascript:x", "correction", "1",
]  # fmt: skip
values = st.sampled_from(VALUES) | st.text(max_size=10) | st.integers() | st.floats()
changes = st.tuples(
    st.sampled_from(["words", "words", "words", "replace", "replace", "delete", "double", "rename", "nest", "swap"]),
    st.integers(0, 10_000),
    values,
    st.text(max_size=6) | st.sampled_from(["id", "kind", "at", "html", "title"]),
)


FIXED = {"id", "kind", "data", "format", "slug", "picture"}
"""Keys whose texts are no words."""


def places(node, collected=None):
    """Every container of a document with a key of it."""
    collected = [] if collected is None else collected
    for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        collected.append((node, key))
        if isinstance(value, dict | list):
            places(value, collected)
    return collected


def changed(document, change):
    kind, number, value, name = change
    every = places(document)
    node, key = every[number % len(every)]
    if kind == "words":
        texts = [(node, key) for node, key in every if isinstance(node[key], str) and key not in FIXED]
        node, key = texts[number % len(texts)] if texts else (node, key)
        node[key] = f"{node[key]}{name}" if number % 2 else str(value)[:300]
    elif kind == "delete":
        del node[key]
    elif kind == "double" and isinstance(node, list):
        node.insert(key, deepcopy(node[key]))
    elif kind == "rename" and isinstance(node, dict):
        node[name] = node.pop(key)
    elif kind == "nest":
        node[key] = [node[key]]
    elif kind == "swap":
        other, place = every[(number * 7 + 3) % len(every)]
        node[key], other[place] = deepcopy(other[place]), deepcopy(node[key])
    else:
        node[key] = value


@pytest.fixture
def document(storm):
    """An export with small pictures, which take less time."""
    record = elsewhere(export_event(storm))
    for number, picture in enumerate(record["pictures"].values()):
        picture["data"] = b64encode(saved(drawn(40 + number, 30), "JPEG")).decode()
    return record


@given(st.lists(changes, min_size=1, max_size=2))
@examples(60)
def test_changed_document_is_imported_exactly_or_refused(document, editor, save, made):
    record = deepcopy(document)
    for change in made:
        if record:
            changed(record, change)
    outcome(save(json.dumps(record)), editor)


@given(st.lists(st.tuples(st.floats(0, 1), st.text(max_size=3), st.integers(0, 5)), min_size=1, max_size=4))
@examples(50)
def test_changed_text_of_a_file_is_imported_exactly_or_refused(document, editor, save, made):
    short = document | {"pictures": {}}
    text = json.dumps(short, ensure_ascii=False)
    for share, insertion, lost in made:
        place = int(share * len(text))
        text = text[:place] + insertion + text[place + lost :]
    file = save("")
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    outcome(file, editor)


def outcome(file, editor):
    """Import a file, and take it back."""
    before = counted()
    with transaction.atomic():
        with within(seconds=20, megabytes=200):
            imported, problems = tried(file, editor)
        hypothesis.event("imported" if imported else "refused")
        if imported:
            comes_back_exactly(imported, file, editor)
            transaction.set_rollback(True)
        else:
            assert all(map(str, problems))
            assert (counted(), problems != []) == (before, True)


def tried(file, editor):
    """The event, or why there is none."""
    try:
        return import_file(file, editor), []
    except BadFile as refusal:
        return None, refusal.problems


def comes_back_exactly(event, file, editor):
    """What readers have of the imported event is what they have of its own export, imported again."""
    record = elsewhere(export_event(event))
    record["event"]["slug"] = "storm-once-more"
    file.write_text(json.dumps(record))
    assert export_event(import_file(file, editor)) == record
