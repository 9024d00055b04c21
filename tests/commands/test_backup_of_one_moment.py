"""A backup has the rows of one moment, whatever is posted while it is taken."""

from contextlib import contextmanager

import pytest
from django.db import connection

from tests.commands.test_backup_and_restore import make_newsroom
from tests.factories import post
from tests.publishing.races import in_thread
from updates.backups import restore, take_backup
from updates.models import Entry, Event

pytestmark = pytest.mark.services


@contextmanager
def somebody_who_posts_before(*tables):
    """Post on a connection of its own right before this thread begins to read each table."""
    event, waiting = Event.objects.get(), list(tables)

    def intercept(execute, sql, params, many, context):
        if waiting and f'FROM "{waiting[0]}"' in sql:
            table = waiting.pop(0)
            in_thread(lambda: post(event, f"Before {table}"))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(intercept):
        yield
    assert not waiting, "These tables were not read, or in another order"


@pytest.mark.django_db(transaction=True)
def test_rows_of_one_moment_are_saved_while_others_write(tmp_path):
    """Rows are read as of the beginning, in each table: updates fit the live blog that counts them."""
    make_newsroom()
    before, head = Entry.objects.count(), Event.objects.get().head
    with somebody_who_posts_before("updates_change", "updates_entry", "updates_event"):
        manifest = take_backup(tmp_path / "backup")
    assert (Entry.objects.count(), Event.objects.get().head) == (before + 3, head + 3)
    assert manifest.rows["updates_entry"] == before

    restore(tmp_path / "backup", manifest)

    assert (Entry.objects.count(), Event.objects.get().head) == (before, head)
