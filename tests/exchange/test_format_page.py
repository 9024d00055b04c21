"""``docs/event-format.md`` keeps its word."""

import json
import re

import pytest

from tests.servers import ROOT
from updates.exchange import shapes
from updates.exchange.reading import import_file

PAGE = (ROOT / "docs" / "event-format.md").read_text()

SHAPES = [
    shapes.FileShape,
    shapes.EventShape,
    shapes.EntryShape,
    shapes.BylineShape,
    shapes.NoteShape,
    shapes.TextShape,
    shapes.PhotoShape,
    shapes.QuoteShape,
    shapes.EmbedShape,
    shapes.PictureShape,
]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_field_is_described(shape):
    described = set(re.findall(r'[`"]([a-z_]+)[`"]', PAGE))

    assert set(shape.__annotations__) - described == set()


@pytest.mark.django_db
def test_the_shortest_example_can_be_imported(editor, save):
    example = re.search(r"## The least that will do.*?```json\n(.*?)```", PAGE, re.DOTALL)[1]

    event = import_file(save(json.loads(example)), editor)

    assert [entry.title for entry in event.entries.order_by("order")] == [
        "Harbour closes to all vessels",
        "Nine boats are still out. All have answered the radio.",
    ]
