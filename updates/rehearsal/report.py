"""Verdicts as a table and as JSON."""

import json

from .records import JSONObject, Verdict

COLUMNS = ("fault", "acknowledged", "readers", "delivered", "lost", "doubled", "disordered", "p50", "p95", "max", "")


def table(verdicts: list[Verdict], not_run: dict[str, str]) -> str:
    """Format the verdicts. Staleness is in seconds and excludes outages."""
    rows = [COLUMNS, *(_row(verdict) for verdict in verdicts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = [
        "  ".join(
            _cell(cell, width, column) for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    lines.insert(1, "-" * len(lines[0]))
    lines += [f"{fault}: not run, {reason}" for fault, reason in not_run.items()]
    lines += [f"{verdict.fault}: {problem}" for verdict in verdicts for problem in verdict.problems]
    return "\n".join(lines)


def _cell(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column == 0 else cell.rjust(width) if column < len(COLUMNS) - 1 else cell


def _row(verdict: Verdict) -> tuple[str, ...]:
    counts = (
        verdict.acknowledged,
        verdict.readers,
        verdict.delivered,
        verdict.lost,
        verdict.doubled,
        verdict.disordered,
    )
    staleness = (
        f"{verdict.staleness[name]:.2f}" if name in verdict.staleness else "–" for name in ("p50", "p95", "max")
    )
    notes = ", ".join(f"{name} {value}" for name, value in verdict.notes.items())
    return (verdict.fault, *map(str, counts), *staleness, notes)


def as_json(verdicts: list[Verdict], not_run: dict[str, str], setting: JSONObject) -> str:
    document = {
        "setting": setting,
        "clean": all(verdict.is_clean for verdict in verdicts),
        "faults": [vars(verdict) | {"clean": verdict.is_clean} for verdict in verdicts],
        "not_run": not_run,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
