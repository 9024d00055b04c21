"""``manage.py check_theme``: contrast, names of tokens, and templates of the site in ``SITE_DIR``."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError

from updates.content import theme
from updates.rendering import site_templates


class Command(BaseCommand):
    help = "Check the theme and templates of SITE_DIR: contrast in light and dark, names of tokens, blocks and scripts."

    def handle(self, **_options: object) -> None:
        if settings.SITE_DIR is None:
            raise CommandError("SITE_DIR is not set: name the folder with your templates and static files.")
        site = Path(settings.SITE_DIR)
        problems = [*_of_style_sheet(site), *_of_templates(site)]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} to mend in {site}.")
        self.stdout.write(f"{site}: contrast, tokens and templates are in order.")


def _of_style_sheet(site: Path) -> list[str]:
    own = site / "static" / "css" / "theme.css"
    if not own.exists():
        return []
    problems = theme.problems_of(own.read_text(encoding="utf-8"), _tokens())
    return [f"static/css/theme.css: {problem}" for problem in problems]


def _of_templates(site: Path) -> list[str]:
    folder = site / "templates"
    ours = tuple(place for place in site_templates.template_folders() if place != folder)
    return site_templates.problems_of(folder, ours) if folder.is_dir() else []


def _tokens() -> str:
    """Return our tokens, also where a site has put a file of that name before them."""
    return Path((finders.find("css/tokens.css", find_all=True) or [])[-1]).read_text(encoding="utf-8")
