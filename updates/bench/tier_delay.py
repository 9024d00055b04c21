"""How long an update takes through the tier: from an editor's post to the sockets that nginx holds."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from time import monotonic

from updates.rehearsal.crowd import raise_file_limit
from updates.rehearsal.tier import missing_programs

from .audience import UPDATE
from .contenders import TOKEN, WARM_UP, Poster, serving
from .crowd import Crowd, crowd
from .events import Newsroom
from .rows import Row
from .tier import UPDATES, nginx, relay


def tier_delay(newsroom: Newsroom, folder: Path, readers: int) -> Iterator[Row]:
    """Measure with readers that cost next to nothing; server, relay and nginx share one core."""
    if missing_programs():
        return
    raise_file_limit(readers + 1000)
    event = newsroom.small
    with (
        nginx(folder / "delay", "ours") as machine,
        serving(folder) as server,
        relay(folder, machine, event.slug),
        crowd(machine.socket_of(event), readers, UPDATE) as connected,
    ):
        poster = Poster(f"{server.address}/bench/{TOKEN}/publish/{event.pk}")
        delays = [_delay(poster, connected) for _ in range(WARM_UP + UPDATES)][WARM_UP:]
    what = f"tier: from the post until 95 % of {readers:,} readers have the update, 95 % of updates"
    of = f"half of them {median(delays):.0f} ms; the relay looks for updates every 20 ms"
    yield Row(what, quantiles(delays, n=20)[-1], "ms", must=100, of=of)


def _delay(poster: Poster, connected: Crowd) -> float:
    """Return milliseconds."""
    start = monotonic()
    poster.post("")
    return (connected.wait().p95 - start) * 1000
