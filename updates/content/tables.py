"""Tables of a text: rows of cells, within limits, without tables inside."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_ROWS, MOST_COLUMNS = 100, 12
TABLE_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th"})

_NUMBER = re.compile(r"[0-9]{1,3}")


@dataclass
class Table:
    """An open table with its finished rows, and the contents of its cells without the table around."""

    rows: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    columns: int = 0
    in_head: bool = False
    _width: int = 0

    def start_row(self) -> None:
        self._width = 0

    def start_cell(self, tag: str, attributes: dict[str, str]) -> tuple[str, str]:
        """Return tag and attributes of a cell; one in the head of a table is a heading whatever its tag."""
        across, down = _span(attributes, "colspan", MOST_COLUMNS), _span(attributes, "rowspan", MOST_ROWS)
        self._width += across
        self.columns = max(self.columns, self._width)
        written = (f' colspan="{across}"' if across > 1 else "") + (f' rowspan="{down}"' if down > 1 else "")
        return ("th" if self.in_head else tag), written

    def add_row(self, cells: list[str]) -> None:
        if cells:
            self.rows.append(f"<tr>{''.join(cells)}</tr>")
        if len(self.rows) > MOST_ROWS or self.columns > MOST_COLUMNS:
            raise ValidationError(
                _("The table is too large. The limit is %(rows)s rows and %(columns)s columns."),
                code="too_long",
                params={"rows": MOST_ROWS, "columns": MOST_COLUMNS},
            )

    def written(self) -> str:
        """Return the table; only its contents if it has one column, as around whole pages of mail and office."""
        if not any(self.contents) or self.columns < 2:
            return "".join(self.contents)
        return f"<table><tbody>{''.join(self.rows)}</tbody></table>"


def _span(attributes: dict[str, str], name: str, most: int) -> int:
    value = attributes.get(name, "")
    return min(max(int(value), 1), most) if _NUMBER.fullmatch(value) else 1
