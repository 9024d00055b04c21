"""Nothing but an operation writes what readers depend on: each other way in is tried here, and found shut."""

import pytest
from django.contrib.auth.models import User
from django.core.serializers import deserialize, serialize
from django.db.models import ProtectedError

from tests.factories import make_event, post
from updates.models import Assignment, Change, Entry, Event, TextBlock
from updates.models.guard import OutsideOperation, writing

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return post(make_event(), "Gate holds")


def load(rows):
    """As ``loaddata`` does."""
    for row in deserialize("json", rows):
        row.save()


DOORS = {
    "save an entry": lambda entry: entry.save(),
    "save part of an entry": lambda entry: entry.save(update_fields=["headline"]),
    "delete an entry": lambda entry: entry.delete(),
    "update entries": lambda entry: Entry.objects.update(headline="x"),
    "update by the base manager": lambda entry: Entry._base_manager.update(headline="x"),
    "update over a relation": lambda entry: entry.event.entries.update(headline="x"),
    "delete entries": lambda entry: Entry.objects.all().delete(),
    "delete entries in SQL": lambda entry: Entry.objects.all()._raw_delete("default"),
    "create an entry": lambda entry: Entry.objects.create(event=entry.event, author=entry.author),
    "create entries in bulk": lambda entry: Entry.objects.bulk_create([Entry(event=entry.event, author=entry.author)]),
    "update entries in bulk": lambda entry: Entry.objects.bulk_update([entry], ["headline"]),
    "get or create an entry": lambda entry: Entry.objects.get_or_create(
        public_id="x", event=entry.event, author=entry.author
    ),
    "save an event": lambda entry: entry.event.save(),
    "delete an event": lambda entry: entry.event.delete(),
    "update events": lambda entry: Event.objects.update(head=0),
    "save an entry in the raw": lambda entry: entry.save_base(raw=True),
    "load an entry": lambda entry: load(serialize("json", [entry])),
    "load an event": lambda entry: load(serialize("json", [entry.event])),
    "load a change": lambda entry: load(serialize("json", Change.objects.all())),
    "save a block": lambda entry: TextBlock.objects.first().save(),
    "delete blocks": lambda entry: TextBlock.objects.all().delete(),
    "change the log": lambda entry: Change.objects.first().save(),
    "delete the log": lambda entry: Change.objects.all().delete(),
    "rewrite the log": lambda entry: Change.objects.update(reason=""),
    "give oneself a role": lambda entry: Assignment.objects.create(event=entry.event, user=entry.author, role="editor"),
}


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_each_way_of_writing_is_refused(entry, door):
    before = list(Entry.objects.values()), list(Event.objects.values()), list(Change.objects.values())
    with pytest.raises(OutsideOperation):
        door(entry)
    assert before == (
        list(Entry.objects.values()),
        list(Event.objects.values()),
        list(Change.objects.values()),
    )


def test_deleting_a_user_does_not_take_entries_along(entry):
    with pytest.raises(ProtectedError):
        User.objects.filter(pk=entry.author_id).delete()
    assert Entry.objects.filter(pk=entry.pk).exists()


def test_even_an_operation_never_deletes_what_has_an_address(entry):
    with writing(), pytest.raises(OutsideOperation):
        entry.delete()


@pytest.mark.parametrize("model", [Event, Entry, Change])
@pytest.mark.parametrize("delete", [lambda rows: rows.delete(), lambda rows: rows._raw_delete("default")])
def test_even_an_operation_never_deletes_several_at_once(entry, model, delete):
    with writing(), pytest.raises(OutsideOperation, match="never deleted"):
        delete(model.objects.all())
    assert model.objects.exists()


def test_even_an_operation_never_changes_a_row_of_the_log(entry):
    with writing(), pytest.raises(OutsideOperation):
        Change.objects.first().save()


def test_writing_is_refused_after_an_operation(entry):
    with writing():
        pass
    with pytest.raises(OutsideOperation):
        entry.save()
