"""What the load generator is to do. Imports nothing, unlike the generator: other short processes need no client."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plan:
    """Requests to send. ``seconds`` is the total time for all addresses and rounds."""

    addresses: list[str]
    seconds: float
    rounds: int = 5
    connections: int = 8
    headers: dict[str, str] = field(default_factory=dict)
    statuses: tuple[int, ...] = (200,)
