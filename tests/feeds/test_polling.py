"""A program that polls a feed once a minute for an hour of play."""

from datetime import datetime, timedelta
from random import Random

import pytest
from lxml import etree

from tests.factories import NOON, editor_of, make_event
from updates import publishing
from updates.models import Entry
from updates.publishing import EntryContent

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
GRAVE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


class Program:
    """Knows entries by their ids, takes newer versions, and deletes what tombstones name."""

    def __init__(self, client):
        self.client, self.etag = client, ""
        self.known, self.announced = {}, []

    def poll(self):
        answer = self.client.get("/match/feed.atom", headers={"if-none-match": self.etag})
        if answer.status_code == 304:
            return
        self.etag = answer["ETag"]
        tree = etree.fromstring(answer.content)
        for grave in tree.iter(GRAVE):
            self.known.pop(grave.get("ref"), None)
        for entry in tree.iter(f"{ATOM}entry"):
            name = entry.findtext(f"{ATOM}id")
            version = datetime.fromisoformat(entry.findtext(f"{ATOM}updated")), entry.findtext(f"{ATOM}title")
            if name not in self.known:
                self.announced.append(name)
            if name not in self.known or version[0] > self.known[name][0]:
                self.known[name] = version


def play(random, event, editor, at):
    """Perform one of a newsroom’s operations."""
    entries = list(Entry.objects.published().filter(event=event))
    step = random.choice(["publish", "publish", "publish", "edit", "remove"]) if len(entries) > 3 else "publish"
    entry = random.choice(entries) if entries else None
    if step == "edit":
        publishing.edit(entry.pk, EntryContent(f"{entry.headline} – corrected at {at:%H:%M:%S}"), editor, at=at)
    elif step == "remove":
        publishing.remove(entry.pk, editor, at=at)
    else:
        publishing.publish(event.pk, EntryContent(f"Ball at {at:%H:%M:%S}"), editor, at=at)


def test_it_gets_every_update_once_in_its_newest_words_and_loses_what_was_removed(client):
    random = Random("an hour of play")
    event = make_event(slug="match", at=NOON)
    editor, program = editor_of(event), Program(client)
    for minute in range(60):
        for second in sorted(random.sample(range(60), random.randrange(3))):
            play(random, event, editor, NOON + timedelta(minutes=minute, seconds=second))
        program.poll()
    published = Entry.objects.published().filter(event=event)
    assert {name: title for name, (_, title) in program.known.items()} == {
        f"http://testserver{entry.get_absolute_url()}": entry.headline for entry in published
    }
    assert len(program.announced) == len(set(program.announced)) > 20
