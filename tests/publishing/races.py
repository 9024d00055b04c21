"""Let another operation commit between an operation's call and its lock."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection

LOCKS = ("BEGIN", 'UPDATE "updates_event"', 'INSERT INTO "updates_event"')
"""How the statement begins by which a transaction takes its lock: the first one on SQLite, another on PostgreSQL."""


@contextmanager
def before_the_lock(other):
    """Run ``other`` on a connection of its own right before this thread takes its first lock."""
    waiting = [other]

    def intercept(execute, sql, params, many, context):
        if waiting and sql.startswith(LOCKS):
            in_thread(waiting.pop())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(intercept):
        yield
    assert not waiting, "The operation took no lock"


def in_thread(call):
    """Run something on a connection of its own and return its result."""

    def run():
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def others_waiting():
    """Count the sessions that wait for a lock. Of PostgreSQL only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]
