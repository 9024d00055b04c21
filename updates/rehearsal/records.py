"""Records of a rehearsal. Times are seconds since 1970, all from the clock of this machine."""

from dataclasses import dataclass, field
from typing import Any

JSONObject = dict[str, Any]  # who reads one knows the types of its keys
"""A decoded JSON object. Reader and checker use nothing of the product, not even its names for types."""

GONE = "gone"


@dataclass(frozen=True)
class Post:
    """Update that a server has acknowledged."""

    key: str
    public_id: str
    sent_at: float
    tries: int
    due: float = 0.0
    """When it is to be published; 0 for at once."""


@dataclass(frozen=True)
class Outage:
    """Time during which something was broken on purpose."""

    start: float
    end: float


@dataclass(frozen=True)
class State:
    """State of one entry or of the event, read from an item, a page or the database."""

    id: str
    seq: int
    op: str
    order: int | None = None
    pinned: bool = False
    key: bool = False
    text: str = ""
    kind: str = ""
    """Kind of the last change; empty if unknown, as on a page."""


@dataclass
class ReaderRecord:
    """Everything that one reader received."""

    name: str
    transport: str
    """``socket`` or ``polling``."""
    epoch: str = ""
    floor: int = 0
    states: dict[str, State] = field(default_factory=dict)
    """Newest state by id, removed entries included."""
    count: int = 0
    applied: dict[State, int] = field(default_factory=dict)
    """Every state received since the page was last loaded, with the number up to which its sender knew all changes."""
    progress: list[tuple[float, int]] = field(default_factory=list)
    """Time and seq each time the position moved, since the page was last loaded."""
    asleep: list[Outage] = field(default_factory=list)
    """Times during which the reader slept."""
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    sockets: int = 0

    @property
    def position(self) -> int:
        """Seq up to which the reader has everything."""
        return self.progress[-1][1] if self.progress else 0

    def visible(self) -> list[State]:
        """Return the entries on the reader's page, newest first. Entries at or below the floor are on older pages."""
        entries = [state for key, state in self.states.items() if key != "event" and state.op != GONE]
        on_page = [state for state in entries if state.order is not None and state.order > self.floor]
        return sorted(on_page, key=lambda state: -(state.order or 0))


@dataclass
class Verdict:
    """Result of one fault: a row of the table."""

    fault: str
    acknowledged: int = 0
    readers: int = 0
    delivered: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    staleness: dict[str, float] = field(default_factory=dict)
    """``p50``, ``p95`` and ``max`` in seconds from commit to reader, outages excluded."""
    with_outages: dict[str, float] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: dict[str, str | float] = field(default_factory=dict)
    """Further measurements of a fault, such as memory or queries per socket."""

    @property
    def is_clean(self) -> bool:
        return not self.lost and not self.doubled and not self.disordered and not self.problems
