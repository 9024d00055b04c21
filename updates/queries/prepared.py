"""Queries whose SQL is made once.

Django makes the SQL of a query anew whenever it is run. For a row by its key that takes three times as long as the
database and the making of the object together. So for the reads that every update, every catch-up and every page from
the cache need, the SQL of the first time is kept, and how the values of its columns are converted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Model, QuerySet

M = TypeVar("M", bound=Model)

PLACEHOLDERS: Final = (2_147_000_001, 2_147_000_002, 2_147_000_003)
"""Numbers that take the place of the arguments while the SQL is made. No row has them."""

LARGEST: Final = 2**31 - 1

Converters = list[tuple[int, list[Callable[..., object]], Expression]]
"""Numbers of columns, functions that make their values, and the second argument of these."""


@dataclass(frozen=True)
class Compiled(Generic[M]):
    """A query as SQL."""

    model: type[M]
    sql: str
    values: tuple[str | int, ...]
    """Parameters, some of which are placeholders."""
    columns: list[str]
    converters: Converters

    def run(self, arguments: Mapping[str | int, str | int]) -> list[M]:
        """Return the rows for some arguments, by placeholder."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [arguments.get(value, value) for value in self.values])
            rows = cursor.fetchall()
        return [self._object(list(row)) for row in rows]

    def _object(self, values: list[object]) -> M:
        for place, converters, column in self.converters:
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return self.model.from_db(connection.alias, self.columns, values)


def compiled(queryset: QuerySet[M]) -> Compiled[M]:
    """Make the SQL of a query, for the current kind of database."""
    compiler = queryset.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    columns = [column for column, *_ in compiler.select]
    converters = [(place, *both) for place, both in compiler.get_converters(columns).items()]
    return Compiled(queryset.model, sql, values, [column.target.attname for column in columns], converters)


def prepared(build: Callable[..., QuerySet[M]]) -> Callable[..., list[M]]:
    """Make a function that runs the query which ``build`` makes of some numbers. Each must occur in it as a value, and
    neither the other values nor the form of the query may depend on them.
    """

    @cache
    def query_for(_vendor: str, count: int) -> Compiled[M]:
        query = compiled(build(*PLACEHOLDERS[:count]))
        assert set(PLACEHOLDERS[:count]) <= set(query.values), "an argument does not occur as a value"  # noqa: S101
        return query

    def run(*numbers: object) -> list[M]:
        if not all(isinstance(number, int) and 0 <= number <= LARGEST for number in numbers):
            return list(build(*numbers))  # Django knows what a database does with these, and with keys of other kinds
        arguments = dict(zip(PLACEHOLDERS, numbers, strict=False))
        return query_for(connection.vendor, len(numbers)).run(arguments)  # type: ignore[arg-type]  # numbers, see above

    return run
