"""A cache in this process that is bounded by bytes, and drops what expired before anybody read it again."""

from collections import OrderedDict
from time import time
from typing import Final

from django.core.cache.backends.locmem import LocMemCache

BESIDE: Final = 300
"""Bytes that a value takes beside its key and content."""

_sizes: dict[str, int] = {}
"""Bytes in use by the name of the cache. Each thread has an instance, but all share the values."""


class BoundedCache(LocMemCache):
    """Django's cache in memory with the option ``MAX_BYTES``. What was read longest ago goes first.

    Django's own counts values, and keeps expired ones until somebody asks for them. Nobody asks for a page again that
    an update has replaced, because pages are named after the number of the newest change.
    """

    # Attributes of Django's class, which has no types for them
    _cache: OrderedDict[str, bytes]
    _expire_info: dict[str, float | None]

    def __init__(self, name: str, params: dict[str, object]) -> None:
        super().__init__(name, params)
        self._name = name
        options = params["OPTIONS"]
        self._most_bytes: int = options["MAX_BYTES"]  # type: ignore[index]  # of whoever sets CACHES

    @property
    def size(self) -> int:
        """Bytes in use."""
        return _sizes.get(self._name, 0)

    def clear(self) -> None:
        super().clear()
        _sizes[self._name] = 0

    def _set(self, key: str, value: bytes, timeout: float | None = None) -> None:
        """Store a pickled value; Django calls this and ``_delete`` while it holds the lock."""
        self._delete(key)
        size = _size_of(key, value)
        while self._cache and (self.size + size > self._most_bytes or self._has_oldest_expired()):
            self._delete(next(reversed(self._cache)))
        if size <= self._most_bytes:
            self._cache[key] = value
            self._cache.move_to_end(key, last=False)
            self._expire_info[key] = self.get_backend_timeout(timeout)
            _sizes[self._name] = self.size + size

    def _has_oldest_expired(self) -> bool:
        until = self._expire_info[next(reversed(self._cache))]
        return until is not None and until <= time()

    def _delete(self, key: str) -> bool:
        value = self._cache.pop(key, None)
        if value is None:
            return False
        del self._expire_info[key]
        _sizes[self._name] = self.size - _size_of(key, value)
        return True


def _size_of(key: str, value: bytes) -> int:
    return len(key) + len(value) + BESIDE
