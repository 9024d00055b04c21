"""All rows of the database, to begin from again: quicker than setting them up again."""

from django.core.management.color import no_style
from django.db import connection, transaction

FIXED_TABLES = {"django_content_type", "django_migrations", "auth_permission"}
"""Tables that no operation writes to."""


class SavedRows:
    def __init__(self):
        with connection.cursor() as cursor:
            names = connection.introspection.table_names(cursor)
            self.rows = {table: _read(cursor, table) for table in names if table not in FIXED_TABLES}

    def are_current(self):
        """Return whether the rows are still these."""
        with connection.cursor() as cursor:
            return all(_read(cursor, table) == rows for table, rows in self.rows.items())

    def restore(self):
        """Write the same rows under the same keys, in place of all others. Leaves tables that have these already."""
        with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are checked at its end
            changed = {table: rows for table, rows in self.rows.items() if _read(cursor, table) != rows}
            for table in changed:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 – a table of ours
            _restart_numbering(cursor)
            for table, (columns, rows) in changed.items():
                _write(cursor, table, columns, rows)
            if sql := connection.ops.sequence_reset_sql(no_style(), _models()):
                cursor.execute("".join(sql))


def _restart_numbering(cursor):
    """Let new rows follow the last one there is. PostgreSQL is told so afterwards, by Django's own statements."""
    if connection.vendor == "sqlite":
        cursor.execute("UPDATE sqlite_sequence SET seq = 0")


def _read(cursor, table):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")  # noqa: S608 – a table of ours
    return [column[0] for column in cursor.description], cursor.fetchall()


def _write(cursor, table, columns, rows):
    if rows:
        names = ", ".join(map(connection.ops.quote_name, columns))
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({marks})", rows)  # noqa: S608


def _models():
    tables = connection.introspection.django_table_names(only_existing=True)
    return connection.introspection.installed_models(tables)
