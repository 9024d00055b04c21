"""Files as somebody might bring them."""

import json
from datetime import timedelta

import pytest

from tests.factories import NOON, make_editor, make_event, make_picture, post
from updates import publishing
from updates.models import Person
from updates.publishing import EmbedContent, EntryContent, EventDetails, PhotoContent, QuoteContent, TextContent


@pytest.fixture
def editor(db):
    user = make_editor("ines")
    Person.objects.create(name="Ines Calder", role_line="Live editor", user=user)
    return user


@pytest.fixture
def save(tmp_path):
    """Write a document where an import finds it."""

    def write(document, name="event.json"):
        file = tmp_path / name
        file.write_text(document if isinstance(document, str) else json.dumps(document))
        return file

    return write


@pytest.fixture
def storm(editor):
    """A live blog with one of everything that a file can hold."""
    lead, photo, poster, face = (make_picture(editor, colour=(colour, 90, 110)) for colour in (10, 60, 110, 160))
    signed = Person.objects.create(name="Noor Hadad", role_line="Weather editor", photo=face)
    Person.objects.filter(pk=signed.pk).update(page="https://www.paper.example/noor")
    unsigned = Person.objects.create(name="Lena Orsk")
    event = make_event(
        slug="storm-maren",
        author=editor,
        lead_picture=lead.pk,
        time_zone="Europe/London",
        page_size=3,
        embed_sites=["https://www.paper.example"],
        planned_end=NOON + timedelta(hours=9),
    )
    blocks = (
        TextContent("<p>It <strong>holds</strong>.</p>"),
        PhotoContent(photo.pk, alt="A gate", credit="Lena Orsk", caption="The gate"),
        QuoteContent("Stay off.", "Ingrid Sollow"),
        EmbedContent("https://youtu.be/abcdefghijk", "Tomas reports:", "On the quay", poster.pk),
        EmbedContent(
            "https://film.example/a.mp4", captions="00:01.000 --> 00:02.000\nHigh water.", captions_language="de"
        ),
    )
    content = EntryContent("Gate holds", blocks, (signed.pk, unsigned.pk), is_key=True)
    first = publishing.publish(event.pk, content, editor).entry
    second, third, fourth = (post(event, headline, author=editor) for headline in ("Rope Street", "Leak", "Ferries"))
    publishing.correct(second.pk, EntryContent("Rope Street is dry"), "it is dry.", editor, shows_change=True)
    publishing.clarify(second.pk, EntryContent("Rope Street is dry"), "since noon.", editor)
    publishing.pin(second.pk, editor)
    publishing.remove(third.pk, editor, reason="A rumour", reader_note="it was not so")
    publishing.move(fourth.pk, editor, above=first.pk)
    publishing.remove(post(event, "Nothing to see", author=editor).pk, editor, reason="Sent by mistake")
    details = EventDetails(standfirst="The tide is coming.", key_points=("The <strong>gate</strong> is down.",))
    return publishing.change_event(event.pk, details, editor)
