"""Migrations that can run while the previous release serves: they wait for nobody, and both releases can write.

The first migration makes empty tables. Of each later one, an operation that rewrites or locks a table on PostgreSQL, or
that the previous release would stumble over, is refused here with what to write instead.
"""

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

FIRST = "0001_initial"


def problems(operations):
    """Return what is wrong with the operations of one migration."""
    made = {each.name.lower() for each in operations if isinstance(each, migrations.CreateModel)}
    results = (problem_of(each) for each in operations if getattr(each, "model_name", "").lower() not in made)
    return [problem for problem in results if problem]


PROBLEMS = {
    migrations.AddField: "NOT NULL without db_default stops the previous release from writing",
    migrations.AlterField: "AlterField may rewrite the table; add a field, copy, remove the old one later",
    migrations.RenameField: "the previous release uses the old name; add a new field instead",
    migrations.RenameModel: "the previous release uses the old name",
    migrations.AlterModelTable: "the previous release uses the old name",
    migrations.AddIndex: "use AddIndexConcurrently, in a migration with atomic = False",
    migrations.AddConstraint: "add it NOT VALID (AddConstraintNotValid), and ValidateConstraint in a later migration",
    migrations.RunSQL: "RunSQL: nobody can tell which locks it takes",
}


def problem_of(operation):
    if isinstance(operation, AddIndexConcurrently | AddConstraintNotValid):
        return ""
    if isinstance(operation, migrations.AddField) and old_release_can_write(operation.field):
        return ""
    return next((text for kind, text in PROBLEMS.items() if isinstance(operation, kind)), "")


def old_release_can_write(field):
    """Whether a row that leaves the column out gets a value."""
    is_column = not isinstance(field, models.ManyToManyField)
    return not is_column or field.null or field.db_default is not NOT_PROVIDED


def later_migrations():
    loader = MigrationLoader(None)
    names = sorted(name for app, name in loader.disk_migrations if app == "updates")
    return [loader.disk_migrations["updates", name] for name in names if name != FIRST]


def test_later_migrations_lock_no_table_and_leave_the_previous_release_able_to_write():
    assert {migration.name: problems(migration.operations) for migration in later_migrations()} == {
        migration.name: [] for migration in later_migrations()
    }


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        (migrations.AddField("Entry", "mood", models.CharField(max_length=9)), "NOT NULL without db_default"),
        (migrations.AddField("Entry", "mood", models.CharField(max_length=9, default="")), "without db_default"),
        (migrations.AddField("Entry", "mood", models.CharField(max_length=9, db_default="")), ""),
        (migrations.AddField("Entry", "mood", models.CharField(max_length=9, null=True)), ""),
        (migrations.AddField("Entry", "moods", models.ManyToManyField("updates.Event")), ""),
        (migrations.AlterField("Entry", "headline", models.TextField()), "AlterField may rewrite"),
        (migrations.RenameField("Entry", "headline", "title"), "uses the old name"),
        (migrations.AddIndex("Entry", models.Index(fields=["seq"], name="seq")), "AddIndexConcurrently"),
        (AddIndexConcurrently("Entry", models.Index(fields=["seq"], name="seq")), ""),
        (migrations.AddConstraint("Entry", models.UniqueConstraint(fields=["seq"], name="seq")), "NOT VALID"),
        (migrations.RunSQL("LOCK updates_entry"), "RunSQL"),
    ],
)  # fmt: skip
def test_operations_that_lock_are_found(operation, problem):
    problems_of_it = problems([operation])
    assert bool(problems_of_it) == bool(problem)
    assert problem in "".join(problems_of_it)


def test_tables_that_the_same_migration_makes_may_have_all():
    field = models.CharField(max_length=9)
    made = [migrations.CreateModel("Mood", [("id", models.BigAutoField(primary_key=True))])]
    assert problems([*made, migrations.AddField("Mood", "name", field)]) == []
