"""A database of an earlier copy, whose initial migration was another one, is named instead of failing somewhere."""

import pytest
from django.db import connection

from updates.checks import check_tables

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_tables_of_an_earlier_copy_are_named():
    assert check_tables(databases=["default"]) == []
    assert check_tables() == []  # most commands ask no database
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE updates_event DROP COLUMN standfirst")
    [error] = check_tables(databases=["default"])
    assert error.id == "liveblog.E004"
    assert "updates_event.standfirst" in error.msg
