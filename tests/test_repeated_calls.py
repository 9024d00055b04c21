"""Calls that are bundled, spaced and repeated."""

import socket
from itertools import pairwise
from threading import Thread

import pytest

from tests.servers import wait_until
from updates import cdn, repeated_calls, websub
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
    assert heard == [["a", "b"], ["c", "a"], ["b", "c"], ["a"]]
    assert (calls.failures, calls.is_failing) == (2, False)


def test_an_item_that_is_always_refused_keeps_no_other_waiting():
    succeeded = []

    def call(items):
        if items == ["refused"] and len(succeeded) < 2:
            return False
        succeeded.extend(items)
        return True

    calls = RepeatedCalls("test", call, at_once=1)
    calls.first_pause = 0.01
    calls.add(["refused", "a", "b"])
    wait_until(lambda: calls.is_idle, "nothing waits")
    assert succeeded == ["a", "b", "refused"]


def test_calls_go_on_after_a_day_of_failures(monkeypatch):
    monkeypatch.setattr(repeated_calls, "LONGEST_PAUSE", 0)
    failures, succeeded = 1100, []  # a pause that doubles each time is too large for a float after 1,024

    def call(items):
        if calls.failures == failures:
            succeeded.append(items)
        return bool(succeeded)

    calls = RepeatedCalls("test", call, at_once=1)
    calls.add(["a"])
    wait_until(lambda: calls.is_idle, "nothing waits")
    assert (calls.failures, succeeded) == (failures, [["a"]])


def test_an_error_of_a_call_does_not_end_the_calls(caplog):
    answers = [False, True]

    def call(items):
        if not answers.pop(0):
            raise RuntimeError("unexpected")
        return True

    calls = RepeatedCalls("test", call, at_once=2)
    calls.first_pause = 0.01
    calls.add(["a"])
    wait_until(lambda: not answers and calls.is_idle, "nothing waits")
    assert (calls.failures, calls.is_failing) == (1, False)
    assert "The call about a failed" in caplog.text


def test_items_of_earlier_calls_are_forgotten():
    calls = RepeatedCalls("test", lambda items: True, at_once=1)
    for number in range(20):
        calls.add([f"picture-{number}"])
    wait_until(lambda: calls.is_idle, "nothing waits")
    assert len(calls._ready) <= 1
    assert len(calls._called) <= 1


@pytest.mark.parametrize("answer", [b"SSH-2.0 server\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"])
@pytest.mark.parametrize("call", [cdn._call, websub._call])
def test_an_answer_that_is_no_http_is_a_failure(settings, call, answer):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.PURGE_URL = settings.WEBSUB_HUB = f"http://127.0.0.1:{server.getsockname()[1]}/"

        def serve():
            connection, _address = server.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(answer)

        thread = Thread(target=serve)
        thread.start()
        assert call(["event-storm"]) is False
        thread.join()
