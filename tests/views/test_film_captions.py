"""Captions of films: their address, and who gets them."""

import pytest
from django.core.exceptions import ValidationError

from tests.factories import editor_of, make_event, post
from updates import publishing
from updates.content.diff import changed_lines, lines_of
from updates.models import EmbedBlock
from updates.publishing import EmbedContent, EntryContent, EntryInput, TextContent
from updates.publishing.content_mapping import read_content
from updates.publishing.versions import version_content

pytestmark = pytest.mark.django_db

SRT = "1\n00:00:01,000 --> 00:00:02,000\nThe gate holds."
VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nThe gate holds.\n"
STREAM = "https://media.example.org/live.m3u8"


@pytest.fixture
def event():
    return make_event(slug="storm", language="ar")


@pytest.fixture
def entry(event):
    film = EmbedContent(STREAM, title="The quay", captions=SRT)
    other = EmbedContent("https://media.example.org/a.mp4", captions=SRT, captions_language="PT-br")
    return post(event, "Film", blocks=[TextContent("<p>Words.</p>"), film, other])


def captions_of(client, entry, number):
    return client.get(f"{entry.get_absolute_url()}captions-{number}.vtt")


def test_the_page_has_a_track_of_this_site(client, entry):
    page = client.get("/storm/").content.decode()
    address = f"{entry.get_absolute_url()}captions"
    assert f'<track kind="captions" src="{address}-2.vtt" srclang="ar" label="العربيّة">' in page
    assert f'<track kind="captions" src="{address}-3.vtt" srclang="pt-BR" label="Português Brasileiro">' in page
    response = captions_of(client, entry, 2)
    assert (response.status_code, response.content.decode()) == (200, VTT)
    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert captions_of(client, entry, 3).content.decode() == VTT
    held = client.get(f"{entry.get_absolute_url()}captions-2.vtt", headers={"If-None-Match": response["ETag"]})
    assert held.status_code == 304


@pytest.mark.parametrize("number", [0, 1, 4, 10**12])
def test_other_blocks_have_none(client, entry, number):
    assert captions_of(client, entry, number).status_code == 404


def test_changed_captions_have_another_tag(client, entry, event):
    before = captions_of(client, entry, 2)["ETag"]
    blocks = (TextContent("<p>Words.</p>"), EmbedContent(STREAM, captions=SRT.replace("holds", "leaks")))
    publishing.edit(entry.pk, EntryContent("Film", blocks), editor_of(event))
    after = captions_of(client, entry, 2)
    assert after["ETag"] != before
    assert "leaks" in after.content.decode()


def test_they_go_with_the_update_and_are_not_there_before(client, entry, event):
    publishing.remove(entry.pk, editor_of(event))
    assert captions_of(client, entry, 2).status_code == 410
    draft = EntryInput(event.pk, EntryContent("Draft", (EmbedContent(STREAM, captions="not yet"),)))
    saved = publishing.save_draft(draft, editor_of(event)).entry
    assert EmbedBlock.objects.get(parent=saved).captions == "not yet"
    assert captions_of(client, saved, 1).status_code == 404


def test_other_sites_get_the_film_without_a_track(client, entry):
    fragment = client.get("/storm/fragment").content.decode()
    assert STREAM in fragment
    assert "<track" not in fragment


def test_versions_keep_their_captions_and_show_what_changed(entry, event):
    boss = editor_of(event)
    blocks = read_content(entry).blocks
    assert blocks[1] == EmbedContent(STREAM, title="The quay", captions=VTT)
    before = dict(entry.content)
    edited = publishing.edit(entry.pk, EntryContent("Film", (blocks[1],)), boss)
    assert version_content(edited, entry.changes.order_by("desk_seq").first().desk_seq).blocks == blocks
    gone = [(line.part, line.text) for line in changed_lines(lines_of(before), lines_of(edited.content))]
    assert ("captions", "The gate holds.") in gone


@pytest.mark.parametrize(
    ("embed", "reason"),
    [
        (EmbedContent("https://youtu.be/dQw4w9WgXcQ", captions=SRT), "video files and streams only"),
        (EmbedContent("https://media.example.org/a.mp3", captions=SRT), "video files and streams only"),
        (EmbedContent(STREAM, captions="words"), "no time such as"),
        (EmbedContent(STREAM, captions=SRT, captions_language="english!"), "not a language tag"),
    ],
)
def test_unusable_captions_are_refused(event, embed, reason):
    with pytest.raises(ValidationError, match=reason):
        post(event, "Film", blocks=[embed])
