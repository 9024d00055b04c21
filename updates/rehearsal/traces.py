"""What a rehearsal writes down. Times are seconds since 1970, all of this machine's one clock."""

from dataclasses import dataclass, field
from typing import Any

GONE = "gone"


@dataclass(frozen=True)
class Post:
    """An update that an editor sent until a server acknowledged it."""

    key: str
    public_id: str
    sent_at: float
    acknowledged_at: float
    tries: int


@dataclass(frozen=True)
class Outage:
    """While something was broken on purpose."""

    start: float
    end: float


@dataclass(frozen=True)
class State:
    """Of one entry or the event, as an item, an article of a page, or the database has it."""

    id: str
    seq: int
    op: str
    order: int | None = None
    pinned: bool = False
    key: bool = False
    text: str = ""
    kind: str = ""
    """Empty where the source does not say, as on a page."""


@dataclass
class Trace:
    """One reader's part of a rehearsal."""

    name: str
    way: str
    epoch: str = ""
    floor: int = 0
    states: dict[str, State] = field(default_factory=dict)
    """The newest state by id, removed ones too."""
    count: int = 0
    applied: set[State] = field(default_factory=set)
    """Every state that was delivered to it since its last page."""
    progress: list[tuple[float, int]] = field(default_factory=list)
    """When it had everything up to which number, since its last page."""
    away: list[Outage] = field(default_factory=list)
    """While it slept."""
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    sockets: int = 0
    questions: int = 0
    pages: int = 0

    @property
    def mine(self) -> int:
        """The number up to which it has everything."""
        return self.progress[-1][1] if self.progress else 0

    def shown(self) -> list[State]:
        """Its page: what stands on it, newest first. Entries at or below the floor are on older pages."""
        entries = [state for key, state in self.states.items() if key != "event" and state.op != GONE]
        on_page = [state for state in entries if state.order is not None and state.order > self.floor]
        return sorted(on_page, key=lambda state: -(state.order or 0))


@dataclass
class Verdict:
    """Of one fault: a row of the table."""

    fault: str
    acknowledged: int = 0
    readers: int = 0
    delivered: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    staleness: dict[str, float] = field(default_factory=dict)
    """``p50``, ``p95`` and ``max`` in seconds: from commit to reader, without what lies in an outage."""
    with_outages: dict[str, float] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    """What a fault measured beside: memory, queries per socket, seconds of outage."""

    @property
    def is_clean(self) -> bool:
        return not self.lost and not self.doubled and not self.disordered and not self.problems
