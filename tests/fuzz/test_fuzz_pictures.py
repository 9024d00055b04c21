"""No metadata stops the worker that decodes pictures, costs the server anything, or becomes an illegible caption."""

from io import BytesIO

import hypothesis
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import metadata
from tests.fuzz.bounds import examples, most_memory, within
from updates.content.captions import is_noise
from updates.content.image_process import UPLOADS
from updates.content.images import REASONS, read_image
from updates.content.text import clean_line, without_control_characters

pytestmark = pytest.mark.fuzz

WORKER_MEGABYTES = 250
"""A worker that has had more ends after its job: no metadata of a small picture may get there."""


@given(metadata.files())
@examples(150)
def test_picture_with_any_metadata_is_read_or_refused_in_words(data):
    with within(seconds=5):
        picture, reason = read(data)
    if picture is None:
        hypothesis.event(reason)
        assert reason in REASONS.keys() - {"died", "too_costly"}
        return
    hypothesis.event("read, with words" if picture.caption or picture.credit or picture.alt else "read")
    assert sorted((picture.width, picture.height)) == sorted(metadata.SIZE)
    for text in (picture.caption, picture.credit, picture.alt):
        assert text == clean_line(without_control_characters(text))
    assert most_memory(UPLOADS.pid) < WORKER_MEGABYTES * 1024


def read(data):
    """The picture, or the code of its refusal."""
    try:
        return read_image(BytesIO(data)), ""
    except ValidationError as refusal:
        return None, refusal.code


@pytest.mark.parametrize("kind", metadata.FORMATS)
@hypothesis.example(text="a space that does not break\xa0")
@given(text=st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=100))
@examples(6)
def test_a_caption_comes_through_in_every_format(kind, text):
    hypothesis.assume(not is_noise(clean_line(text).casefold()))  # Hypothesis takes examples from sources, too
    packet = (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {metadata.NAMESPACES}><rdf:Description><dc:description><rdf:Alt>'
        f"<rdf:li>{text.replace('&', '&amp;').replace('<', '&lt;')}</rdf:li>"
        "</rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    picture = read_image(BytesIO(metadata.in_file(kind, xmp=packet.encode())))

    assert (picture.width, picture.height, picture.caption) == (*metadata.SIZE, clean_line(text))
