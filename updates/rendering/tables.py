"""Makes tables of clean HTML accessible: headings name what they head, and a wide one scrolls by itself."""

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

ROW = re.compile(r"<tr>(?P<cells>(?:[^<]|<(?!/?tr>))*+)</tr>")
TABLE = re.compile(r"<table>(?:[^<]|<(?!/?table>))*+</table>")


def with_scopes(html: str) -> SafeString:
    """Say which cells a heading is for: its row where it is followed by other cells, else its column."""
    return mark_safe(ROW.sub(_scoped, html) if "<tr>" in html else html)  # noqa: S308 - it is clean  # nosec


def with_tables(html: str) -> SafeString:
    """Put each table into a box that scrolls sideways, with keys as well, where the screen is too narrow."""
    if "<table>" not in html:
        return SafeString(html)  # cleaned before it was stored  # nosec
    start = format_html('<div class="table" role="group" tabindex="0" aria-label="{}">', _("Table"))
    return mark_safe(TABLE.sub(lambda table: f"{start}{table[0]}</div>", with_scopes(html)))  # noqa: S308 - as above  # nosec


def _scoped(row: re.Match[str]) -> str:
    cells = row["cells"]
    scope = "row" if "<td" in cells and not cells.startswith("<td") else "col"
    # an empty heading says nothing
    headed = cells.replace("<th></th>", "<td></td>").replace("<th", f'<th scope="{scope}"')
    return f"<tr>{headed}</tr>"
