"""Calls that are bundled, spaced and repeated."""

from itertools import pairwise

from tests.servers import wait_until
from updates.repeated_calls import RepeatedCalls


def test_calls_about_an_item_keep_their_distance_and_the_last_addition_is_called_about():
    interval, begun = 0.1, []

    def call(items):
        begun.append(calls._called["a"])
        return True

    calls = RepeatedCalls("test", call, at_once=1, delay=0.02, interval=interval)
    added = 0
    while len(begun) < 4:
        calls.add(["a"])
        added += 1
    wait_until(lambda: calls.is_idle, "nothing waits")
    assert all(later - earlier >= interval for earlier, later in pairwise(begun))
    assert begun[-1] >= calls._ready["a"]
    assert len(begun) < added


def test_what_fails_is_called_about_again_and_each_item_once():
    heard, answers = [], [False, False, True, True]

    def call(items):
        heard.append(items)
        return answers[len(heard) - 1]

    calls = RepeatedCalls("test", call, at_once=2)
    calls.first_pause = 0.01
    calls.add(["a", "b", "c", "a"])
    wait_until(lambda: calls.is_idle, "nothing waits")
    assert heard == [["a", "b"]] * 3 + [["c"]]
    assert (calls.failures, calls.is_failing) == (2, False)
