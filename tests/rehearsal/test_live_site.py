"""Readers of a site that runs elsewhere (``--against``)."""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_event, post
from tests.servers import CEILING, ROOT, environment
from updates.rehearsal.live_site import Address, compare
from updates.rehearsal.page_parser import read_page
from updates.rehearsal.records import ReaderRecord, State, Verdict

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.services
def test_running_installation_is_rehearsed_by_readers_alone(site):
    event = make_event()
    post(event, "Before they came")
    page = f"{site.url}/{event.slug}/"
    command = [
        sys.executable, "manage.py", "rehearse", "--against", page, "--readers", "5", "--seconds", "3", "--json",
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as rehearsal:
        for number in range(5):
            post(event, f"While they read {number}")
        result = json.loads(rehearsal.communicate(timeout=2 * CEILING)[0])
    (row,) = result["faults"]
    assert rehearsal.returncode == 0, row["problems"]
    assert (row["readers"], row["lost"], row["problems"]) == (5, 0, [])
    assert row["delivered"] >= 5
    assert (row["notes"]["first frame"], row["notes"]["not modified"]) == ("sync", True)


@pytest.mark.services
@pytest.mark.parametrize(
    ("path", "words"),
    [("/nowhere/", "answers 404"), ("/archive/", "not the page of an event"), ("/", "address of an event’s page")],
)
def test_address_without_an_event_is_refused(site, path, words):
    with pytest.raises(CommandError, match=words):
        call_command("rehearse", "--against", site.url + path, "--readers", "1")


def test_server_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("rehearse", "--against", "http://127.0.0.1:9/storm/", "--readers", "1")


@pytest.mark.parametrize(
    ("url", "base", "socket"),
    [
        ("https://live.example/storm/", "https://live.example", "wss://live.example"),
        ("http://127.0.0.1:8000/storm", "http://127.0.0.1:8000", "ws://127.0.0.1:8000"),
        ("https://news.example/live/storm/", "https://news.example/live", "wss://news.example/live"),
    ],
)
def test_address_of_a_page_tells_the_others(url, base, socket):
    address = Address.of(url)
    assert (address.slug, address.base, address.addresses.socket) == ("storm", base, socket)


def test_reader_without_the_newest_entry_is_told():
    page = read_page(
        '<live-event data-epoch="e" data-seq="2"><div data-floor="0">'
        '<article class="entry" data-id="b" data-seq="2" data-order="20">B</article>'
        '<article class="entry" data-id="a" data-seq="1" data-order="10">A</article></div></live-event>'
    )
    behind = ReaderRecord("reader 0", "socket", "e", 0, {"a": State("a", 1, "put", 10)}, progress=[(1.0, 1)])
    verdict = Verdict("against")
    compare(verdict, [behind], page)
    assert (verdict.lost, verdict.delivered, verdict.is_clean) == (1, 1, False)
