"""The purge call, made to a server process that writes down what it hears."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from tests.factories import WIDE, make_event, make_picture, make_user, picture_file, post
from tests.recorder import Recording, recording
from tests.servers import CEILING, ROOT, environment, wait_until
from updates import cdn as cdn_purges
from updates import publishing
from updates.models import PendingPurge, Rendition
from updates.publishing import EntryContent, PhotoContent
from updates.publishing.pictures import add_picture
from updates.publishing.purges import resume_purges
from updates.repeated_calls import RepeatedCalls

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.database]


class Cdn(Recording):
    @property
    def calls(self):
        return self.records

    @property
    def keys(self):
        return {key for call in self.calls for key in call["body"]["surrogate_keys"]}


@pytest.fixture
def cdn(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(cdn_purges.purges, "first_pause", 0.02)
    with recording(Cdn, "tests.removal.cdn", tmp_path, "/purge") as server:
        settings.PURGE_URL = server.url
        settings.PURGE_HEADERS = {"Fastly-Key": "secret"}
        yield server
        server.answer(200)
        wait_until(lambda: cdn_purges.purges.is_idle and cdn_purges.health() == "ok", "the last call was made")


@pytest.fixture
def boss(transactional_db):
    return make_user(superuser=True)


@pytest.fixture
def event(boss):
    return make_event(author=boss, slug="storm-maren")


def health(client):
    answer = client.get(reverse("readiness")).json()
    return answer["purge"], answer["purges_failed"]


def test_a_removal_names_event_and_pictures(cdn, event, boss):
    photo = PhotoContent(add_picture(picture_file(WIDE), boss).pk, alt="The quay", credit="A. Person")
    entry = post(event, "Gate leaking", author=boss, blocks=[photo])
    files = {Path(file.name).stem for row in Rendition.objects.all() for file in (row.webp, row.jpeg)}
    assert len(files) == 6

    publishing.remove(entry.pk, boss)

    wanted = {"event-storm-maren", "lists", *(f"picture-{name}" for name in files)}
    wait_until(lambda: cdn.keys >= wanted, "event and pictures are named")
    assert cdn.keys == wanted
    call = cdn.calls[-1]
    assert call["path"] == "/purge"
    assert call["headers"]["Fastly-Key"] == "secret"
    assert call["headers"]["Surrogate-Key"].split() == call["body"]["surrogate_keys"]


def test_a_new_update_is_no_reason_to_call_and_a_correction_is(cdn, event, boss):
    wait_until(lambda: cdn.calls, "opening was told")  # so that what is told below is of later
    before = len(cdn.calls)
    entry = post(event, "312 for", author=boss)
    post(event, "Another", author=boss)
    publishing.correct(entry.pk, EntryContent("321 for"), "It was 321.", boss)

    wait_until(lambda: len(cdn.calls) > before, "the correction is told")
    assert [call["body"] for call in cdn.calls[before:]] == [{"surrogate_keys": ["event-storm-maren", "lists"]}]


def test_a_cdn_that_hangs_or_fails_delays_nothing_and_is_told_in_the_end(cdn, event, boss, client):
    wait_until(lambda: cdn.calls and cdn_purges.health() == "ok", "opening was told")
    failed = health(client)[1]
    entry = post(event, "Gate leaking", author=boss)
    before = len(cdn.calls)

    with cdn.held():
        publishing.remove(entry.pk, boss)

        entry.refresh_from_db()
        assert entry.is_removed
        wait_until(lambda: len(cdn.calls) > before, "the call was made")
        cdn.answer(503)
    wait_until(lambda: health(client)[1] > failed + 1, "failures are counted")
    assert health(client)[0].startswith("failing")
    cdn.answer(200)
    wait_until(lambda: health(client)[0] == "ok", "it was told in the end")


def test_a_command_purges_before_it_ends(cdn, event, boss):
    entry = post(event, "Gate leaking", author=boss)
    wait_until(lambda: cdn.calls, "opening was told")
    before = len(cdn.calls)
    script = (
        "from updates import publishing; from django.contrib.auth.models import User;"
        f"publishing.remove({entry.pk}, User.objects.get(pk={boss.pk}))"
    )
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", script],
        cwd=ROOT,
        env=environment(PURGE_URL=cdn.url, PURGE_FIELD="tags"),
        check=True,
        timeout=2 * CEILING,
    )
    assert [call["body"] for call in cdn.calls[before:]] == [{"tags": ["event-storm-maren", "lists"]}]


def test_without_an_address_nobody_is_called(event, boss, client):
    publishing.remove(post(event, "Gate leaking", author=boss).pk, boss)
    assert (cdn_purges.purges.is_idle, health(client)[0]) == (True, "off")


def test_every_answer_about_an_event_has_its_key(client, event, boss):
    picture = make_picture(boss, size=WIDE)
    photo = PhotoContent(picture.pk, alt="The quay", credit="A. Person")
    entry = post(event, "Gate holds", author=boss, blocks=[photo])
    gone = post(event, "Not so", author=boss)
    publishing.remove(gone.pk, boss)
    name = entry.content["blocks"][0]["image"]["renditions"][0]["webp"]
    keys = {
        address: client.get(address)["Surrogate-Key"].split()
        for address in (
            "/",
            "/archive/",
            "/corrections/",
            "/feed.atom",
            "/storm-maren/feed.atom",
            "/storm-maren/",
            "/storm-maren/?filter=key",
            f"/storm-maren/changes?after=0&epoch={event.epoch}",
            "/storm-maren/changes?after=0&epoch=other",
            entry.get_absolute_url(),
            gone.get_absolute_url(),
            f"/media/{name}",
        )
    }
    of_event = ["event-storm-maren"]
    assert list(keys.values()) == [
        ["lists"],
        ["lists"],
        ["lists"],
        ["lists"],
        of_event,
        of_event,
        of_event,
        of_event,
        of_event,
        [*of_event, f"entry-{entry.public_id}"],
        [*of_event, f"entry-{gone.public_id}"],
        [f"picture-{Path(name).stem}"],
    ]
    same = client.get("/storm-maren/", headers={"if-none-match": client.get("/storm-maren/")["ETag"]})
    assert (same.status_code, same["Cache-Tag"]) == (304, "event-storm-maren")


def test_purges_that_a_process_left_are_made_by_the_next_one(cdn, event, boss, monkeypatch):
    """The CDN fails, the process ends, and what it knew is gone."""
    entry = post(event, "Gate leaking", author=boss)
    wait_until(lambda: cdn.calls and cdn_purges.purges.is_idle, "opening was told")
    wait_until(lambda: not PendingPurge.objects.exists(), "what was told is not kept")
    ended = RepeatedCalls("ended", lambda _keys: False, at_once=30)
    ended.first_pause = 600
    with monkeypatch.context() as context:
        context.setattr(cdn_purges, "purges", ended)
        publishing.remove(entry.pk, boss)
    before = len(cdn.calls)
    assert set(PendingPurge.objects.values_list("key", flat=True)) == {"event-storm-maren", "lists"}

    resume_purges()

    wait_until(lambda: len(cdn.calls) > before, "the next process calls")
    assert set(cdn.calls[-1]["body"]["surrogate_keys"]) == {"event-storm-maren", "lists"}
    wait_until(lambda: not PendingPurge.objects.exists(), "what was told is not kept")
