"""How cost grows with readers, updates and processes, as curves."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from updates import publishing
from updates.models import Event
from updates.rehearsal.crowd import raise_file_limit
from updates.rehearsal.tier import missing_programs
from updates.types import User

from .contenders import nchan, product, serving
from .events import Newsroom, content, create_event
from .fanout import measure
from .hits import rate
from .measures import changes, clear_caches, page, time_ms
from .plot import Axis, chart, stacked
from .processes import CONNECTIONS, group
from .tier import nginx

READERS = (0.1, 0.3, 1, 3, 10)
"""Times ``--readers``."""

UPDATES = (0.01, 0.1, 1, 10)
"""Times ``--entries``."""

PROCESSES = (1, 2, 3, 4)
SECONDS = 3.0
TIMES = 15

Lines = dict[str, list[tuple[float, float]]]
"""Points of each curve."""


def draw(newsroom: Newsroom, folder: Path, readers: int, updates: int) -> str:
    """Measure, and return an SVG with all curves."""
    return stacked(
        [
            *(_by_readers(newsroom, folder, [max(1, int(share * readers)) for share in READERS]) if readers else []),
            _by_updates(newsroom.author, [max(1, int(share * updates)) for share in UPDATES]),
            _by_processes(newsroom, folder),
        ]
    )


def _by_readers(newsroom: Newsroom, folder: Path, numbers: Sequence[int]) -> list[str]:
    messages: Lines = {}
    delays: Lines = {}
    raise_file_limit(max(numbers) + 1000)  # inherited by servers and readers
    for number in numbers:
        with ExitStack() as stack:
            contenders = {"a server process": product(stack.enter_context(serving(folder)), newsroom.small)}
            if not missing_programs():
                contenders["nginx + nchan"] = nchan(stack.enter_context(nginx(folder, f"for-{number}")))
            for name, costs in zip(contenders, measure(list(contenders.values()), number), strict=True):
                messages.setdefault(name, []).append((number, costs.message))
                delays.setdefault(name, []).append((number, costs.p99))
    x = Axis("readers", min(numbers), max(numbers), is_log=True)
    return [
        chart("Processor time per message, publishing included", x, _log("µs", messages), messages),
        chart("From publishing to 99 % of the readers", x, _log("ms", delays), delays),
    ]


def _by_updates(author: User, numbers: Sequence[int]) -> str:
    lines: Lines = {"page drawn anew": [], "catch-up of one": [], "publishing": []}
    for number in numbers:
        event = create_event(f"with-{number}", number, author)
        times = [_times(event, author) for _ in range(TIMES)]
        for name, values in zip(lines, zip(*times, strict=True), strict=True):
            lines[name].append((number, median(values)))
    return chart("Work by the number of updates", _x_of(lines, "updates of the live blog"), _log("ms", lines), lines)


def _times(event: Event, author: User) -> tuple[float, float, float]:
    publish = time_ms(lambda: publishing.publish(event.pk, content(1), author))
    clear_caches()
    event.refresh_from_db()
    return time_ms(lambda: page(event)), time_ms(lambda: changes(event, event.head - 1)), publish


def _by_processes(newsroom: Newsroom, folder: Path) -> str:
    lines: Lines = {"event page": [], "empty view": []}
    for number in PROCESSES:
        with group(folder, number) as site:
            for name, path in (("event page", newsroom.small.get_absolute_url()), ("empty view", "/healthz")):
                lines[name].append((number, rate(site + path, CONNECTIONS, SECONDS).responses))
    top = max(value for points in lines.values() for _, value in points)
    return chart("Requests a second", Axis("server processes", 1, max(PROCESSES)), Axis("1/s", 0, top * 1.1), lines)


def _x_of(lines: Lines, label: str) -> Axis:
    places = [place for points in lines.values() for place, _ in points]
    return Axis(label, min(places), max(places), is_log=True)


def _log(label: str, lines: Lines) -> Axis:
    """Make an axis from the power of ten below all values to the one above."""
    values = [value for points in lines.values() for _, value in points]
    low, high = min(values), max(values)
    return Axis(label, _power_below(low), 10 * _power_below(high), is_log=True)


def _power_below(value: float) -> float:
    power = 1e-3
    while power * 10 <= value:
        power *= 10
    return power
