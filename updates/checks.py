"""System checks of settings that need the apps: they run at the start of every command, so also of the server."""

from collections.abc import Sequence
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

from .alerts.keys import public_key


@checks.register(checks.Tags.templates)
def check_ad_template(**_options: object) -> list[checks.CheckMessage]:
    name = settings.AD_TEMPLATE
    try:
        if name:
            get_template(name)
    except TemplateDoesNotExist:
        hint = "Put it into a folder of templates, or leave AD_TEMPLATE empty for no advertisements."
        return [checks.Error(f"AD_TEMPLATE={name}: there is no such template.", hint, id="liveblog.E001")]
    except TemplateSyntaxError as error:
        return [checks.Error(f"AD_TEMPLATE={name}: {error}.", id="liveblog.E001")]
    return []


@checks.register
def check_fonts(**_options: object) -> list[checks.CheckMessage]:
    absent = [name for name in settings.SHARE_CARD_FONTS if not Path(name).exists()]
    if not absent:
        return []
    return [checks.Error(f"SHARE_CARD_FONTS: there is no file or folder {absent[0]}.", id="liveblog.E002")]


@checks.register
def check_alert_key(**_options: object) -> list[checks.CheckMessage]:
    try:
        public_key()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="liveblog.E003")]
    return []


@checks.register(checks.Tags.database)
def check_tables(*, databases: Sequence[str] | None = None, **_options: object) -> list[checks.CheckMessage]:
    """Find tables of an earlier copy, whose initial migration was another one; ``migrate`` would not notice."""
    try:
        lacking = _lacking_columns() if databases else []
    except DatabaseError:  # other commands say that it is gone
        return []
    if not lacking:
        return []
    what = f"This database was made by an earlier copy of the live blog: {lacking[0]} is not in it."
    hint = (
        "It cannot be migrated. Export its live blogs with the earlier copy (manage.py export_event), move the "
        f"database {connection.settings_dict['NAME']} away, and begin with an empty one."
    )
    return [checks.Error(what, hint, id="liveblog.E004")]


def _lacking_columns() -> list[str]:
    """Return the columns that the models have and the tables lack, if all migrations were applied."""
    executor = MigrationExecutor(connection)
    targets = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "updates"]
    if executor.migration_plan(targets):
        return []
    models = [model._meta for model in apps.get_app_config("updates").get_models()]
    with connection.cursor() as cursor:
        tables = {table.name for table in connection.introspection.get_table_list(cursor)}
        there = {
            f"{model.db_table}.{column.name}"
            for model in models
            if model.db_table in tables
            for column in connection.introspection.get_table_description(cursor, model.db_table)
        }
    wanted = [f"{model.db_table}.{field.column}" for model in models for field in model.local_concrete_fields]
    return [name for name in wanted if name not in there]
