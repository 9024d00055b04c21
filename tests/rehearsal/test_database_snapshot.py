"""The expected state is read as of one moment, also while posts go on."""

import pytest

from tests.factories import make_event, post
from tests.servers import database_url
from updates.rehearsal.database import CHANGES, ENTRIES, snapshot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_post_between_two_queries_is_in_neither():
    event = make_event()
    post(event, "Gate holds")
    with snapshot(database_url()) as query:
        log = query(CHANGES, event.pk)
        post(event, "Ferry sails")
        entries = query(ENTRIES, event.pk)
    assert {row[1] for row in entries} == {row[0] for row in log if row[5]}
    with snapshot(database_url()) as query:
        assert len(query(ENTRIES, event.pk)) == 2
