"""Real material brought into the format: air-to-ground talk of Apollo 11, and a broadcaster's live blog."""

import base64

import pytest

from tests.factories import picture_file
from tests.samples import sample_json
from updates.exchange.reading import import_file
from updates.exchange.writing import export_event
from updates.models import Change

pytestmark = pytest.mark.django_db


def apollo_11():
    talk = sample_json("apollo11-landing.json")
    entries = [
        {
            "time": entry["time"],
            "headline": entry["title"],
            "key": entry["key_event"],
            "blocks": [{"kind": "text", "text": "\n\n".join(entry["paragraphs"])}],
            "bylines": [{"name": name} for name in entry["authors"]],
        }
        for entry in talk["entries"]
    ]
    event = {
        "title": talk["headline"],
        "slug": "apollo-11",
        "language": talk["language"],
        "time_zone": talk["timezone"],
    }
    return {"event": event, "order": talk["order"], "entries": entries}


def test_apollo_11_lands(editor, save):
    document = apollo_11()

    event = import_file(save(document), editor)

    assert (event.entry_count, event.head, event.status) == (63, 64, "ended")
    assert [entry["time"] for entry in export_event(event)["entries"]] == [
        entry["time"] for entry in document["entries"]
    ]
    newest = event.entries.order_by("-order").first()
    assert [byline["name"] for byline in newest.content["bylines"]] == [
        byline["name"] for byline in document["entries"][-1]["bylines"]
    ]


def test_broadcasters_live_blog_needs_only_the_pictures_and_links_that_its_record_lacks(editor, save):
    blog = sample_json("syria-2016.json")
    for entry in blog["entries"]:
        for block in entry["blocks"]:
            if block["kind"] == "photo":
                block |= {"picture": "stand-in", "alt": block["caption"]}
            if block["kind"] == "embed":
                block["url"] = "https://video.example/report.mp4"
    document = {
        "event": {"title": blog["title"]},
        "order": "newest first",
        "pictures": {"stand-in": {"data": base64.b64encode(picture_file().read()).decode()}},
        "entries": blog["entries"],
    }

    event = import_file(save(document), editor)

    assert (event.slug, event.entry_count) == ("live-updates", 10)
    titles = list(event.entries.order_by("-order").values_list("title", flat=True))
    assert titles == [entry["headline"] for entry in blog["entries"]]
    kinds = [[block["kind"] for block in entry.content["blocks"]] for entry in event.entries.order_by("-order")]
    assert kinds == [[block["kind"] for block in entry["blocks"]] for entry in blog["entries"]]
    assert Change.objects.filter(event=event, kind="publish").count() == 10
