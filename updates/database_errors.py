"""Errors of the database on their way from one thread to another."""

import traceback
from collections.abc import Iterator


def let_go_of_cursors(error: BaseException) -> None:
    """Drop the local variables of an error's frames, in the thread that had them.

    A cursor of SQLite is closed by whoever frees it, and waits there for its connection. Were it freed by the event
    loop, with the error, everybody would wait while another statement of the connection waits for a lock.
    """
    for each in _chain(error):
        traceback.clear_frames(each.__traceback__)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
