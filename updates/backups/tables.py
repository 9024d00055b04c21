"""Rows of all tables as lines of JSON, the same for every kind of database."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from itertools import islice
from typing import Final
from uuid import UUID

from django.apps.registry import Apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, JSONField, Model

from updates.untyped import JSONObject

LEFT_OUT: Final = {
    "django_session",
    "updates_usersession",  # a login that has been ended must not come back
    "updates_readercount",
    "updates_deskpresence",
    "updates_delivery",
    "updates_linklookup",
    "updates_sharecard",  # drawn again when it is asked for
    "axes_accessattempt",
    "axes_accessattemptexpiration",
}
"""State of running processes, logins, and what is made from other rows."""

AT_A_TIME: Final = 500
"""Rows of one statement."""


def models_of(apps: Apps) -> list[type[Model]]:
    """Return the models with a table of their own, also those of relations, by the name of their table."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return [model for table, model in sorted(models.items()) if model._meta.managed and not model._meta.proxy]


def saved_models(apps: Apps) -> list[type[Model]]:
    return [model for model in models_of(apps) if model._meta.db_table not in LEFT_OUT]


def fields_of(model: type[Model]) -> "list[Field[object, object]]":
    """Return the fields that are columns and not computed by the database."""
    return [each for each in model._meta.local_concrete_fields if not getattr(each, "generated", False)]


def lines_of(model: type[Model]) -> Iterator[str]:
    """Return the rows of a table in the order of their keys, each as JSON by the names of the columns."""
    fields = fields_of(model)
    rows = model._base_manager.order_by("pk").values_list(*(each.attname for each in fields))
    for row in rows.iterator(chunk_size=2000):
        values = {each.column: value for each, value in zip(fields, row, strict=True)}
        yield json.dumps(values, cls=_Encoder, ensure_ascii=False, sort_keys=True)


class _Encoder(DjangoJSONEncoder):
    """Django's encoder with microseconds, which decide the order of updates."""

    def default(self, o: object) -> object:
        match o:
            case datetime() | date() | time():
                return o.isoformat()
            case timedelta():
                return o.total_seconds()
            case Decimal() | UUID() | IPv4Address() | IPv6Address():
                return str(o)
        return super().default(o)


def insert(model: type[Model], lines: Iterable[str]) -> int:
    """Write rows as they were, also automatic values; returns how many. Signals and guards are not asked."""
    fields = fields_of(model)
    statement = _insert_statement(model, fields)
    count = 0
    rows = (_row(fields, json.loads(line)) for line in lines)
    with connection.cursor() as cursor:
        while some := list(islice(rows, AT_A_TIME)):
            cursor.executemany(statement, some)  # type: ignore[arg-type]  # the fields made what the driver takes
            count += len(some)
    return count


def _insert_statement(model: type[Model], fields: "list[Field[object, object]]") -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(each.column)) for each in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 – names of our models  # nosec B608


def _row(fields: "list[Field[object, object]]", values: JSONObject) -> list[object]:
    return [_prepared(each, values[str(each.column)]) for each in fields]


def _prepared(field: "Field[object, object]", value: object) -> object:
    if isinstance(field, JSONField):
        return field.get_db_prep_value(value, connection) if value is not None or not field.null else None
    return field.get_db_prep_save(field.to_python(value), connection)


def empty(models: Iterable[type[Model]]) -> None:
    """Delete all rows of all tables, within the transaction."""
    quote = connection.ops.quote_name
    tables = [quote(model._meta.db_table) for model in models]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)}")
            return
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 – names of our models  # nosec B608
