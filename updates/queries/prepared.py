"""Queries whose SQL is made once.

Django makes the SQL of a query anew whenever it is run. For a row by its key that takes three times as long as the
database and the making of the object together. So for the reads that every update and every catch-up need, the SQL of
the first time is kept.
"""

from collections.abc import Callable
from functools import cache
from typing import Final, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

PLACEHOLDERS: Final = (2_147_000_001, 2_147_000_002, 2_147_000_003)
"""Numbers that take the place of the arguments while the SQL is made. No row has them."""

LARGEST: Final = 2**31 - 1


def prepared(build: Callable[..., QuerySet[M]]) -> Callable[..., list[M]]:
    """Make a function that runs the query which ``build`` makes of some numbers. Each must occur in it as a value, and
    neither the other values nor the form of the query may depend on them.
    """

    @cache
    def sql_for(_vendor: str, count: int) -> tuple[str, tuple[object, ...], type[M]]:
        queryset = build(*PLACEHOLDERS[:count])
        sql, values = queryset.query.sql_with_params()
        assert set(PLACEHOLDERS[:count]) <= set(values), "an argument does not occur as a value"  # noqa: S101
        return sql, values, queryset.model

    def run(*numbers: object) -> list[M]:
        if not all(isinstance(number, int) and 0 <= number <= LARGEST for number in numbers):
            return list(build(*numbers))  # Django knows what a database does with these, and with keys of other kinds
        sql, values, model = sql_for(connection.vendor, len(numbers))
        arguments = dict(zip(PLACEHOLDERS, numbers, strict=False))
        parameters = [arguments.get(value, value) if isinstance(value, int) else value for value in values]
        return list(model._base_manager.raw(sql, parameters))

    return run
