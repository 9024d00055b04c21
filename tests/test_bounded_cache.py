"""The cache in memory: bounded by bytes, shared by threads, without what has expired."""

import pytest
from django.core.cache import caches

from updates.bounded_cache import BESIDE, BoundedCache

KILOBYTE = "x" * 1024


@pytest.fixture
def cache():
    made = BoundedCache("test-bounded", {"OPTIONS": {"MAX_BYTES": 10_000}})
    made.clear()
    return made


def names_in(cache):
    return [name for name in "abcdefghijklmnop" if cache.has_key(name)]


def test_what_was_read_longest_ago_goes_first(cache):
    for name in "abcdef":
        cache.set(name, KILOBYTE)
    assert cache.get("a") == KILOBYTE
    for name in "ghi":
        cache.set(name, KILOBYTE)
    assert names_in(cache) == ["a", "d", "e", "f", "g", "h", "i"]
    assert cache.size <= 10_000


def test_size_is_that_of_what_is_there(cache):
    cache.set("a", KILOBYTE)
    one = cache.size
    assert 1024 + BESIDE < one < 1400
    cache.set("a", KILOBYTE)
    cache.set("b", KILOBYTE)
    assert cache.size == 2 * one
    assert cache.delete("b")
    assert not cache.delete("b")
    assert cache.size == one
    cache.clear()
    assert (cache.size, names_in(cache)) == (0, [])


def test_what_has_expired_goes_although_nobody_asks_for_it(cache):
    for name in "abc":
        cache.set(name, KILOBYTE, timeout=-1)
    cache.set("d", "", timeout=60)
    cache.set("e", "", timeout=None)
    assert list(cache._cache) == [":1:e", ":1:d"]
    assert cache.size < 1000


def test_what_is_larger_than_the_whole_cache_is_not_stored(cache):
    cache.set("a", "small")
    cache.set("b", KILOBYTE * 10)
    assert (names_in(cache), cache.get("b")) == ([], None)
    cache.set("c", "small")
    assert names_in(cache) == ["c"]


def test_instances_of_threads_share_values_and_size(cache):
    other = BoundedCache("test-bounded", {"OPTIONS": {"MAX_BYTES": 10_000}})
    cache.set("a", KILOBYTE)
    assert (other.get("a"), other.size) == (KILOBYTE, cache.size)


def test_every_cache_of_the_site_is_bounded():
    assert {type(caches[name]) for name in ("default", "pages", "crops")} == {BoundedCache}
