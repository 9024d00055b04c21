"""Pages of an event: fixed ranges of its order, counted from the oldest entry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from updates.choices import ORDER_STEP
from updates.models import Entry, Event


@dataclass(frozen=True)
class PageRequest:
    """The page that an address names: ``?page=K``, ``?order=oldest``, ``?order=newest``, ``?filter=key``."""

    number: int | None = None
    oldest_first: bool = False
    keys_only: bool = False
    at_end: bool = False
    """``?order=oldest&page=last``: the page that is the last one now."""
    usually_oldest_first: bool = False
    """Whether that is the order of addresses that name none; see ``Event.is_read_oldest_first``."""

    @property
    def is_front(self) -> bool:
        """Return whether it is the first page of the usual order, or the one with the newest entries."""
        is_first = self.number is None and not self.keys_only and not self.at_end
        return is_first and (self.usually_oldest_first or not self.oldest_first)

    @property
    def name(self) -> str:
        """Return the name of the page in its ETag."""
        mode = "key" if self.keys_only else "oldest" if self.oldest_first else "first"
        page = "last" if self.at_end else f"page{self.number}" if self.number else ""
        return "-".join(filter(None, [mode if mode != "first" or not page else "", page]))

    @property
    def query(self) -> str:
        mode = "filter=key" if self.keys_only else self._order
        page = "page=last" if self.at_end else f"page={self.number}" if self.number else ""
        both = "&".join(filter(None, [mode, page]))
        return f"?{both}" if both else ""

    @property
    def _order(self) -> str:
        if self.oldest_first == self.usually_oldest_first:
            return ""
        return "order=oldest" if self.oldest_first else "order=newest"


@dataclass(frozen=True)
class PageRange:
    """A fixed range of places, counted from the oldest: ``above < order <= up_to``.

    The page where new entries go in has no upper end: newest first that is the first page (``number`` is ``None``),
    with the open block and the last full one; oldest first it is the last.
    """

    number: int | None
    above: int
    up_to: int | None
    older: int | None
    newer: int | None
    last: int

    @property
    def is_first(self) -> bool:
        return self.number is None

    @property
    def is_open(self) -> bool:
        return self.up_to is None

    def hold(self, entry: Entry) -> bool:
        return self.above < (entry.order or 0) and (self.up_to is None or (entry.order or 0) <= self.up_to)


def page_range(event: Event, number: int | None = None) -> PageRange | None:
    """Return the range of a page, newest first. ``None``: there is no such page; archive pages are full blocks only."""
    width = event.page_size * ORDER_STEP
    full = event.ordinals // event.page_size
    return _range(number, full, lambda block: block * width)


def oldest_range(event: Event, number: int | None, *, at_end: bool = False) -> PageRange | None:
    """Return the range of a page, oldest first: page K is always block K, and the last one is open."""
    width = event.page_size * ORDER_STEP
    last = last_block(event)
    page = last if at_end else number or 1
    if page > last:
        return None
    return PageRange(
        page,
        (page - 1) * width,
        None if page == last else page * width,
        older=page - 1 or None,
        newer=page + 1 if page < last else None,
        last=last,
    )


def archive_numbers(event: Event) -> range:
    """Return the numbers of an event's pages besides the first, in its usual order.

    Newest first, the first page shows the open block and the last full one; oldest first it is the first block.
    """
    if event.is_read_oldest_first:
        return range(2, last_block(event) + 1)
    return range(1, event.ordinals // event.page_size)


def last_block(event: Event) -> int:
    return max(1, -(-event.ordinals // event.page_size))


def keys_range(event: Event, keys: Sequence[Entry], number: int | None) -> PageRange | None:
    """Return the range of a page of key events. ``keys`` are all of the event, newest first."""
    orders = [0, *sorted(key.order or 0 for key in keys)]
    return _range(number, len(keys) // event.page_size, lambda block: orders[block * event.page_size])


def _range(number: int | None, full: int, edge: Callable[[int], int]) -> PageRange | None:
    if number is None:
        below = max(0, full - 1)
        return PageRange(None, edge(below), None, older=below or None, newer=None, last=full)
    if not 1 <= number <= full:
        return None
    newer = number + 1 if number + 1 < full else None
    return PageRange(number, edge(number - 1), edge(number), older=number - 1 or None, newer=newer, last=full)
