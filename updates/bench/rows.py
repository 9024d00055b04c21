"""Results with their targets, and the table of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

UNITS = {
    "": "{:,.2f}",
    "×": "{:.2f}×",
    "× less": "{:.1f}× less",
    "/s": "{:,.0f}/s",
    "ms": "{:,.1f} ms",
    "KB": "{:,.1f} KB",
    "KB a reader": "{:,.1f} KB",
    "queries": "{:.0f}",
}


@dataclass(frozen=True)
class Row:
    """Result of one measurement: a ratio wherever an absolute value would depend on the machine."""

    what: str
    value: float
    unit: str
    must: float | None = None
    aim: float | None = None
    more_is_better: bool = False
    of: str = ""
    """The values behind a ratio."""

    @property
    def verdict(self) -> str:
        if self.must is None:
            return ""
        if not self._reaches(self.must):
            return "missed"
        return "aim reached" if self.aim is not None and self._reaches(self.aim) else "met"

    def _reaches(self, bound: float) -> bool:
        return self.value >= bound if self.more_is_better else self.value <= bound

    def as_data(self) -> dict[str, object]:
        return asdict(self) | {"verdict": self.verdict}


def format_value(value: float | None, unit: str) -> str:
    return "" if value is None else UNITS[unit].format(value)


def table(rows: Sequence[Row]) -> str:
    lines = [("what", "measured", "must", "aim", "", "of")]
    for row in rows:
        sign = "≥ " if row.more_is_better else "≤ "
        must, aim = (sign + format_value(bound, row.unit) if bound is not None else "" for bound in (row.must, row.aim))
        lines.append((row.what, format_value(row.value, row.unit), must, aim, row.verdict, row.of))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
