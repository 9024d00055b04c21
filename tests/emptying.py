"""Empties the database after each test whose transactions were real."""

from functools import cache

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from tests.saved_rows import FIXED_TABLES
from tests.servers import wait_until


def empty_database(_test_case: object = None) -> None:
    """Delete all rows. Django's ``flush`` truncates fifty tables, for which PostgreSQL makes new files, and creates all
    permissions anew.

    Holds the tables until then, as TRUNCATE does: a server beside the test may be about to write. It takes all of them
    or none: a query of the server may take them in another order, and the two would wait for each other.
    """
    quoted = [connection.ops.quote_name(table) for table in _tables()]
    wait_until(lambda: _is_emptied(quoted), "nobody reads or writes the tables")


def _is_emptied(quoted: list[str]) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"LOCK TABLE {', '.join(quoted)} NOWAIT")
            filled = (f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {table})" for number, table in enumerate(quoted))  # noqa: S608 – tables of ours
            cursor.execute(" UNION ALL ".join(filled))
            for (number,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {quoted[number]}")  # noqa: S608
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return False
        raise
    return True


@cache
def _tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(names) - FIXED_TABLES)
