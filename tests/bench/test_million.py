"""The simulation of a million readers agrees with itself, and its charts are well-formed."""

from random import Random

import pytest
from defusedxml import ElementTree

from updates.bench.million import CACHED_FOR, catch_ups, collapsing, herd, reaching_origin, returns
from updates.bench.plot import Axis


def test_everybody_returns_evenly_within_the_spread():
    counts = returns(6000, 60)
    assert sum(counts.values()) == 6000
    assert set(counts) == set(range(60))
    assert max(counts.values()) < 2 * 6000 / 60


def test_who_waits_long_catches_up_first_within_three_seconds():
    requests = catch_ups(6000, 60)
    assert 0.9 * 6000 < sum(requests[second] for second in range(3)) < 6000
    assert max(requests) < 60


@pytest.mark.parametrize("rate", [2, 50, 2000])
def test_formula_of_collapsing_agrees_with_requests_one_by_one(rate):
    assert counted(rate, 4, 3, seconds=40) == pytest.approx(reaching_origin(rate, 4, 3), rel=0.2)


def counted(rate, caches, addresses, *, seconds):
    random = Random(1)
    expires = {}
    passed, now = 0, 0.0
    while now < seconds:
        now += random.expovariate(rate)
        key = (random.randrange(caches), random.randrange(addresses))
        if expires.get(key, 0.0) <= now:
            expires[key] = now + CACHED_FOR
            passed += 1
    return passed / seconds


def test_origin_gets_one_request_a_second_for_each_address_and_cache_at_most():
    assert reaching_origin(100_000, 10, 3) == pytest.approx(30, rel=0.01)


def test_ticks_are_round():
    assert Axis("", 100, 1_000_000, is_log=True).ticks() == [100, 1000, 10_000, 100_000, 1_000_000]
    assert Axis("", 0, 70).ticks() == [0, 10, 20, 30, 40, 50, 60, 70]


@pytest.mark.parametrize("drawing", [lambda: herd(600), collapsing])
def test_charts_are_pictures_with_a_title_and_three_lines(drawing):
    root = ElementTree.fromstring(drawing())
    names = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert names.count("title") == 1
    assert names.count("polyline") == 3
