"""Addresses that were taken before a rule refused them: what was out comes back, what was not is refused by name."""

import json

import pytest
from django.core.exceptions import ValidationError

from tests.factories import make_member, post
from updates import publishing
from updates.choices import ChangeKind, Waiting
from updates.models import Change, EmbedBlock, Entry
from updates.models.guard import writing
from updates.publishing import EmbedContent, EntryContent, EntryInput, Refused, TextContent

pytestmark = pytest.mark.django_db

CARD = (EmbedContent("https://wiki.example/plan"),)
OLD = "https://wiki.lan/plan"


def taken_before_the_rule():
    def older(stored):
        return json.loads(json.dumps(stored).replace("wiki.example", "wiki.lan"))

    with writing():
        EmbedBlock.objects.update(url=OLD)
        for entry in Entry.objects.all():
            Entry.objects.filter(pk=entry.pk).update(content=older(entry.content))
        for change in Change.objects.all():
            Change.objects.filter(pk=change.pk).update(snapshot=older(change.snapshot))


def test_a_removed_update_is_restored_with_its_card(event, boss):
    entry = post(event, "The plan", author=boss, blocks=CARD)
    taken_before_the_rule()
    before = Entry.objects.get().content
    publishing.remove(entry.pk, boss)

    restored = publishing.restore(entry.pk, boss)

    assert restored.is_published
    assert restored.content == before
    assert before["blocks"][0]["url"] == OLD


def test_an_earlier_version_comes_back_with_its_card(event, boss):
    entry = post(event, "The plan", author=boss, blocks=CARD)
    first = entry.changes.get()
    taken_before_the_rule()
    publishing.edit(entry.pk, EntryContent("The plan", (TextContent("<p>It is out.</p>"),)), boss)

    back = publishing.restore_version(entry.pk, first.desk_seq, boss)

    assert back.content["blocks"][0]["url"] == OLD


def test_what_is_changed_is_judged_anew(event, boss):
    entry = post(event, "The plan", author=boss, blocks=CARD)
    taken_before_the_rule()
    with pytest.raises(ValidationError, match=r"cannot reach wiki\.lan"):
        publishing.edit(entry.pk, EntryContent("The new plan", (EmbedContent(OLD),)), boss)


def test_of_all_that_waits_the_one_that_cannot_go_out_is_named(event, boss):
    noor = make_member(event)
    publishing.submit(EntryInput(event.pk, EntryContent("Gate holds")), noor)
    publishing.submit(EntryInput(event.pk, EntryContent("The plan", CARD)), noor)
    taken_before_the_rule()

    with pytest.raises(Refused, match=r"^“The plan” cannot be published: Readers cannot reach wiki\.lan\."):
        publishing.change_state(event.pk, ChangeKind.END, boss, waiting=Waiting.PUBLISH)

    assert set(event.entries.values_list("status", flat=True)) == {"submitted"}
