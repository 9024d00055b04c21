"""Aligns two sequences by Myers’ difference algorithm, in a limited number of steps."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

STEPS = 500_000
"""Steps that the comparison of two versions may take, about a fifth of a second."""

MOST_CHANGES = 400
"""Insertions and deletions between two sequences. If there are more, the whole sequence counts as replaced."""


@dataclass
class Effort:
    """Steps that are left, shared by all comparisons of two versions."""

    steps: int = STEPS


def aligned(old: Sequence[T], new: Sequence[T], effort: Effort) -> Iterator[tuple[bool, Sequence[T], Sequence[T]]]:
    """Yield the sections in order: whether both sides are equal there, and the items of each side."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle = _pairs(old[start : len(old) - end], new[start : len(new) - end], effort)
    pairs = [
        *((place, place) for place in range(start)),
        *((start + left, start + right) for left, right in middle),
        *((len(old) - place, len(new) - place) for place in range(end, 0, -1)),
    ]
    yield from _stretches(old, new, pairs)


def _common(old: Sequence[T], new: Sequence[T]) -> int:
    shorter = min(len(old), len(new))
    return next((place for place in range(shorter) if old[place] != new[place]), shorter)


def _stretches(
    old: Sequence[T], new: Sequence[T], pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[bool, Sequence[T], Sequence[T]]]:
    """Yield sections from pairs of equal items: neighbouring pairs form one section, the items between them differ."""
    left = right = 0  # everything before these positions has been yielded
    since = None  # start of the current run of pairs
    for one, other in [*pairs, (len(old), len(new))]:
        if (one, other) != (left, right) or one == len(old):
            if since is not None and since < left:
                yield True, old[since:left], new[right - (left - since) : right]
            if (one, other) != (left, right):
                yield False, old[left:one], new[right:other]
            since = None
        since = one if since is None else since
        left, right = one + 1, other + 1


def _pairs(old: Sequence[T], new: Sequence[T], effort: Effort) -> list[tuple[int, int]]:
    """Return the pairs of matching positions in order; none if finding them would take too many steps."""
    numbers: dict[T, int] = {}
    left, right = ([numbers.setdefault(item, len(numbers)) for item in side] for side in (old, new))
    reached = [0] * (2 * MOST_CHANGES + 3)  # by diagonal; negative ones count from the end
    history: list[list[int]] = []
    for changes in range(min(len(left) + len(right), MOST_CHANGES) + 1):
        history.append(reached.copy())
        for diagonal in range(-changes, changes + 1, 2):
            place = before = _reach(reached, diagonal, changes)
            while place < len(left) and place - diagonal < len(right) and left[place] == right[place - diagonal]:
                place += 1
            reached[diagonal] = place
            if place == len(left) and diagonal == len(left) - len(right):
                return _retraced(history, len(left), len(right))
            effort.steps -= place - before + 1
            if effort.steps < 0:
                return []
    return []


def _reach(reached: Sequence[int], diagonal: int, changes: int) -> int:
    """Return how far a path on this diagonal gets with its last change."""
    if changes == 0:
        return 0
    inserts = _inserts(reached, diagonal, changes)
    return reached[diagonal + 1] if inserts else reached[diagonal - 1] + 1


def _inserts(reached: Sequence[int], diagonal: int, changes: int) -> bool:
    """Return whether the last change is an insertion: it gets further than a deletion, or a deletion is impossible."""
    if abs(diagonal) == changes:
        return diagonal < 0
    return reached[diagonal + 1] > reached[diagonal - 1]


def _retraced(history: list[list[int]], left: int, right: int) -> list[tuple[int, int]]:
    """Return the pairs on the path to the end, found by following it backwards."""
    pairs = []
    for changes in range(len(history) - 1, -1, -1):
        diagonal = left - right
        for _ in range(left - _reach(history[changes], diagonal, changes)):
            left, right = left - 1, right - 1
            pairs.append((left, right))
        inserts = _inserts(history[changes], diagonal, changes)
        left, right = (left, right - 1) if inserts else (left - 1, right)
    return pairs[::-1]
