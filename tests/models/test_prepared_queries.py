"""Queries whose SQL is kept return what Django's own do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_event, post
from updates.models import Entry, Event
from updates.queries.prepared import LARGEST, prepared

pytestmark = pytest.mark.django_db


@prepared
def after(event_id, seq):
    return Entry.objects.filter(event_id=event_id).changed_since(seq)[:2]


def test_rows_are_those_of_django_with_all_values():
    event = make_event()
    entries = [post(event, f"Update {number}") for number in range(3)]
    other = post(make_event(), "Elsewhere")

    for seq in (0, entries[0].seq, entries[2].seq):
        expected = list(Entry.objects.filter(event=event).changed_since(seq)[:2])
        with CaptureQueriesContext(connection) as captured:
            rows = after(event.pk, seq)
        assert len(captured) == 1
        assert [vars(row) | {"_state": None} for row in rows] == [vars(row) | {"_state": None} for row in expected]
        assert all(not row.get_deferred_fields() and not row._state.adding for row in rows)
    assert [row.pk for row in after(other.event_id, 0)] == [other.pk]


@pytest.mark.parametrize("number", [LARGEST + 1, 2**63, 10**30, -1])
def test_numbers_that_no_row_has_find_what_django_finds(number):
    event = make_event()
    entry = post(event, "Update")
    assert [row.pk for row in after(event.pk, number)] == ([entry.pk] if number < 0 else [])


def test_an_argument_that_is_no_value_of_the_query_is_refused():
    query = prepared(lambda _unused: Event.objects.all())
    with pytest.raises(AssertionError, match="argument"):
        query(1)
