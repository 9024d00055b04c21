"""Aligns two sequences: Myers’ difference algorithm, with an end to its work."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

STEPS = 500_000
"""Steps that the comparison of two versions may take, about a fifth of a second."""

MOST_CHANGES = 400
"""Insertions and deletions between two sequences; where there are more, all of it counts as replaced."""


@dataclass
class Effort:
    """Steps that are left, shared by all comparisons of two versions."""

    steps: int = STEPS


def aligned(old: Sequence[T], new: Sequence[T], effort: Effort) -> Iterator[tuple[bool, Sequence[T], Sequence[T]]]:
    """Stretches in their order: whether both sides are the same, and what each side has there."""
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
    """What stands between the pairs differs; neighbouring pairs are one stretch."""
    left = right = 0  # up to here everything has been given out
    since = None  # where the stretch of pairs began
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
    """Places that match, in their order; none where it would take too long."""
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
    """How far a path on this diagonal comes with its last change."""
    if changes == 0:
        return 0
    inserts = _inserts(reached, diagonal, changes)
    return reached[diagonal + 1] if inserts else reached[diagonal - 1] + 1


def _inserts(reached: Sequence[int], diagonal: int, changes: int) -> bool:
    """Whether the last change is an insertion: it comes further than a deletion, or there is no other way."""
    if abs(diagonal) == changes:
        return diagonal < 0
    return reached[diagonal + 1] > reached[diagonal - 1]


def _retraced(history: list[list[int]], left: int, right: int) -> list[tuple[int, int]]:
    """The pairs on the path that led to the end, by the way back."""
    pairs = []
    for changes in range(len(history) - 1, -1, -1):
        diagonal = left - right
        for _ in range(left - _reach(history[changes], diagonal, changes)):
            left, right = left - 1, right - 1
            pairs.append((left, right))
        inserts = _inserts(history[changes], diagonal, changes)
        left, right = (left, right - 1) if inserts else (left - 1, right)
    return pairs[::-1]
