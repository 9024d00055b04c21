"""Empties the database after each test whose transactions were real."""

from functools import cache

from django.db import connection, transaction

from tests.saved_rows import FIXED_TABLES
from updates.models import Event


def empty_database(_test_case: object = None) -> None:
    """Delete all rows. Django's ``flush`` truncates fifty tables, for which PostgreSQL makes new files, and creates all
    permissions anew.

    Holds the tables until then, as TRUNCATE does: a server beside the test may be about to write.
    """
    quoted = [connection.ops.quote_name(table) for table in _tables()]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {', '.join(quoted)}")
        filled = (f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {table})" for number, table in enumerate(quoted))  # noqa: S608 – tables of ours
        cursor.execute(" UNION ALL ".join(filled))
        for (number,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {quoted[number]}")  # noqa: S608


@cache
def _tables() -> list[str]:
    """Return that of the live blogs first: operations lock it before others, so the two never wait for each other."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(names) - FIXED_TABLES, key=lambda name: (name != Event._meta.db_table, name))
