import os
from argparse import ArgumentParser

from django.conf import settings
from django.core.management import BaseCommand

from updates.environment import VARIABLES, Variable

ABSENT = object()


class Command(BaseCommand):
    help = "Print the settings in force and where each comes from. Secrets and passwords are hidden."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--markdown", action="store_true", help="print the table of docs/settings.md instead")
        parser.add_argument("--changed", action="store_true", help="leave out those that have their default")

    def handle(self, *, changed: bool, markdown: bool, **options: object) -> None:
        if markdown:
            self.stdout.write(table())
            return
        rows = [row_of(VARIABLES[name]) for name in sorted(VARIABLES)]
        rows = [row for row in rows if not (changed and row[2] == "default")]
        widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 2)]
        for name, value, source in rows:
            self.stdout.write(f"{name:{widths[0]}}  {source:{widths[1]}}  {value}".rstrip())


def row_of(variable: Variable) -> tuple[str, str, str]:
    """Return name, value and source; a project's settings module may have a value of its own."""
    value = getattr(settings, variable.name, ABSENT)
    if value is ABSENT or value == variable.value:
        return variable.name, variable.shown, variable.source
    of_project = variable.with_value(value, os.environ.get("DJANGO_SETTINGS_MODULE", "settings"))
    return variable.name, of_project.shown, of_project.source


def table() -> str:
    """Return the table of the documentation, which depends on nothing but the declarations."""
    rows = (f"| `{name}` | {each.kind} | {each.default} | {each.meaning} |" for name, each in sorted(VARIABLES.items()))
    return "\n".join(("| variable | type | default | meaning |", "|---|---|---|---|", *rows))
