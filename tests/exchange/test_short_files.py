"""Files that say little: everything else has its default."""

from datetime import UTC, datetime

import pytest
from django.conf import settings

from tests.factories import WIDE, picture_file
from updates import publishing
from updates.exchange.problems import BadFile
from updates.exchange.reading import import_file
from updates.models import Event
from updates.publishing import EntryContent

pytestmark = pytest.mark.django_db

NOW = datetime(2031, 3, 13, 14, 36, tzinfo=UTC)


def test_title_is_enough(editor, save):
    event = import_file(save({"event": {"title": "Storm Maren"}}), editor)

    assert (event.slug, event.status, event.language, event.time_zone) == ("storm-maren", "draft", "en", "UTC")
    assert (event.page_size, event.shows_ads, event.sensitive, event.direct_publishing) == (10, True, False, True)
    assert event.assignments.get().user == editor


def test_title_of_any_script_gives_the_address(editor, save):
    event = import_file(save({"event": {"title": "Шторм Марен", "language": "ru"}}), editor)
    assert (event.slug, event.language) == ("shtorm-maren", "ru")


def test_entries_need_no_more_than_a_headline_or_a_block(editor, save):
    document = {
        "event": {"title": "Storm Maren"},
        "entries": [
            {"headline": "Harbour closes"},
            {"blocks": [{"kind": "text", "text": "Nine\nboats.\n\nAll <well>."}]},
        ],
    }

    event = import_file(save(document), editor, now=NOW)

    first, second = event.entries.order_by("order")
    assert second.content == {
        "headline": "",
        "blocks": [{"kind": "text", "html": "<p>Nine boats.</p><p>All &lt;well&gt;.</p>"}],
        "bylines": [],
        "corrections": [],
    }
    assert (first.title, first.published_at, first.order) == ("Harbour closes", NOW, 2**20)
    assert (event.status, event.started_at, event.ended_at, event.ordinals) == ("ended", NOW, NOW, 2)


@pytest.mark.parametrize(
    ("status", "started", "ended"),
    [("live", NOW, None), ("ended", NOW, NOW), ("upcoming", None, None), ("cancelled", None, None)],
)
def test_without_entries_it_has_the_times_by_which_lists_are_ordered(status, started, ended, editor, save):
    event = import_file(save({"event": {"title": "Storm", "status": status}}), editor, now=NOW)

    assert (event.started_at, event.ended_at) == (started, ended)


def test_an_update_without_bylines_is_never_signed_by_who_imported_it(editor, save):
    document = {"event": {"title": "Storm"}, "entries": [{"headline": "Harbour closes"}]}
    entry = import_file(save(document), editor).entries.get()

    publishing.correct(entry.pk, EntryContent("Harbour shuts"), "it shuts.", editor)
    publishing.remove(entry.pk, editor)
    entry = publishing.restore(entry.pk, editor)

    assert (entry.content["headline"], entry.content["bylines"]) == ("Harbour shuts", [])


def test_newest_first_is_turned_round(editor, save):
    entries = [{"headline": "Third"}, {"headline": "Second"}, {"headline": "First"}]

    event = import_file(save({"event": {"title": "Storm"}, "order": "newest first", "entries": entries}), editor)

    assert list(event.entries.order_by("order").values_list("title", flat=True)) == ["First", "Second", "Third"]


def test_null_is_the_same_as_nothing(editor, save):
    document = {"event": {"title": "Storm", "lead_picture": None, "planned_start": None, "slug": None}, "entries": None}

    assert import_file(save(document), editor).slug == "storm"


def test_other_slug_replaces_that_of_the_file(editor, save):
    event = import_file(save({"event": {"title": "Storm", "slug": "Not an address!"}}), editor, slug="storm-2031")

    assert event.slug == "storm-2031"


def test_html_is_cleaned_like_everything_typed(editor, save):
    hostile = "<div onclick=x()>It <b>holds</b><script>alert(1)</script></div>"
    blocks = [{"kind": "text", "html": hostile}]
    document = {"event": {"title": "Storm", "key_points": [hostile]}, "entries": [{"blocks": blocks}]}

    event = import_file(save(document), editor)

    clean = "<p>It <strong>holds</strong></p>"
    assert (event.key_points, event.entries.get().content["blocks"][0]["html"]) == ([clean], clean)


def test_times_keep_their_moment_whatever_the_offset(editor, save):
    entries = [{"headline": "One", "time": "2031-03-13T15:36:00+01:00"}]

    event = import_file(save({"event": {"title": "Storm"}, "entries": entries}), editor, now=NOW)

    assert event.entries.get().published_at == NOW


def test_file_with_a_byte_order_mark_is_read(editor, tmp_path):
    file = tmp_path / "windows.json"
    file.write_bytes(b'\xef\xbb\xbf{"event": {"title": "Storm"}}')

    assert import_file(file, editor) == Event.objects.get(slug="storm")


def test_picture_with_metadata_is_treated_like_an_upload(editor, save, tmp_path):
    (tmp_path / "gate.png").write_bytes(picture_file(WIDE, form="PNG").read())
    photo = {"kind": "photo", "picture": "gate", "alt": "A gate", "credit": "Lena Orsk"}
    document = {
        "event": {"title": "Storm"},
        "pictures": {"gate": {"file": "gate.png"}},
        "entries": [{"blocks": [photo]}],
    }

    event = import_file(save(document), editor)

    image = event.entries.get().content["blocks"][0]["image"]
    assert (image["width"], image["height"], len(image["renditions"])) == (1200, 800, 3)
    assert event.language == settings.LANGUAGE_CODE


FUTURE = "2031-03-13T14:42:00Z"
LATER = {"at": FUTURE, "note": "x"}


@pytest.mark.parametrize(
    ("event", "entry", "path"),
    [
        ({}, {"time": FUTURE}, "entries[0].time"),
        ({}, {"updated": FUTURE}, "entries[0].updated"),
        ({}, {"changed": FUTURE}, "entries[0].changed"),
        ({}, {"corrections": [LATER]}, "entries[0].corrections[0].at"),
        ({}, {"headline": "", "removed": LATER}, "entries[0].removed.at"),
        ({"key_points_at": FUTURE}, {}, "event.key_points_at"),
        ({"started_at": FUTURE}, {}, "event.started_at"),
        ({"ended_at": FUTURE}, {}, "event.ended_at"),
        ({"changed_at": FUTURE}, {}, "event.changed_at"),
    ],
)
def test_what_has_not_happened_yet_is_refused(event, entry, path, editor, save):
    document = {"event": {"title": "Storm"} | event, "entries": [{"headline": "One"} | entry]}

    with pytest.raises(BadFile) as refused:
        import_file(save(document), editor, now=NOW)

    assert str(refused.value) == f"{path}: is in the future; give a time that has passed"
    assert not Event.objects.exists()


def test_clock_of_the_writer_may_be_ahead_and_plans_lie_in_the_future(editor, save):
    event = {"title": "Storm", "status": "live", "planned_end": "2031-03-14T12:00:00Z"}
    entries = [{"headline": "One", "time": "2031-03-13T14:41:00Z"}]

    assert import_file(save({"event": event, "entries": entries}), editor, now=NOW).entry_count == 1
