"""What a measurement found, beside what it has to reach."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

UNITS = {
    "": "{:,.2f}",
    "×": "{:.2f}×",
    "× less": "{:.1f}× less",
    "/s": "{:,.0f}/s",
    "ms": "{:,.1f} ms",
    "KB": "{:,.1f} KB",
    "queries": "{:.0f}",
}


@dataclass(frozen=True)
class Row:
    """``value`` is what counts: a ratio where the machine's speed would otherwise be part of the answer."""

    what: str
    value: float
    unit: str
    must: float | None = None
    aim: float | None = None
    more_is_better: bool = False
    of: str = ""
    """The figures behind a ratio."""

    @property
    def verdict(self) -> str:
        if self.must is None:
            return ""
        if not self._reaches(self.must):
            return "missed"
        return "aim reached" if self.aim is not None and self._reaches(self.aim) else "met"

    def _reaches(self, bound: float) -> bool:
        return self.value >= bound if self.more_is_better else self.value <= bound

    def as_data(self) -> dict[str, Any]:
        return asdict(self) | {"verdict": self.verdict}


def shown(value: float | None, unit: str) -> str:
    return "" if value is None else UNITS[unit].format(value)


def table(rows: Sequence[Row]) -> str:
    lines = [("what", "measured", "must", "aim", "", "of")]
    for row in rows:
        sign = "≥ " if row.more_is_better else "≤ "
        must, aim = (sign + shown(bound, row.unit) if bound is not None else "" for bound in (row.must, row.aim))
        lines.append((row.what, shown(row.value, row.unit), must, aim, row.verdict, row.of))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
