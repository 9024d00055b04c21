"""What keeps one kind of request waiting does not keep the others waiting."""

import asyncio
import os
import threading

import pytest
from asgiref.testing import ApplicationCommunicator

from liveblog.request_lanes import MAX_WAITING, NICE, READERS_FOR_ONE, lanes
from liveblog.request_threads import RequestThreads, ThreadedHandler
from tests.liveblog import slow_pages
from tests.servers import CEILING, async_wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def addresses(settings, monkeypatch):
    monkeypatch.setattr(slow_pages, "running", threading.Semaphore(0))
    settings.ROOT_URLCONF = slow_pages.__name__
    slow_pages.may_end.clear()
    yield
    slow_pages.may_end.set()


def ask(application, path, method="GET", sender=""):
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": [(b"host", b"localhost")]}
    scope["client"] = (sender, 0)
    request = ApplicationCommunicator(application, scope)
    request.input_queue.put_nowait({"type": "http.request"})
    assert not request.future.done()  # asking for it starts it
    return request


async def status_of(request):
    start = await request.receive_output(CEILING)
    await request.receive_output(CEILING)
    await request.wait(CEILING)
    return start["status"]


async def begun(number):
    for _ in range(number):
        assert await asyncio.to_thread(slow_pages.running.acquire, timeout=CEILING)


async def test_a_desk_that_waits_for_a_lock_keeps_no_reader_and_no_probe_waiting():
    application = ThreadedHandler(lanes(4).of)
    desk = [ask(application, "/admin/slow") for _ in range(10)]
    await begun(2)

    assert await status_of(ask(application, "/quick")) == 200
    assert await status_of(ask(application, "/healthz")) == 200
    slow_pages.may_end.set()
    assert [await status_of(request) for request in desk] == [200] * 10


async def test_readers_keep_no_desk_and_no_probe_waiting():
    application = ThreadedHandler(lanes(4).of)
    readers = [ask(application, "/slow") for _ in range(10)]
    await begun(2)

    desk = ask(application, "/admin/slow")
    await begun(1)
    assert await status_of(ask(application, "/healthz")) == 200
    slow_pages.may_end.set()
    assert [await status_of(request) for request in (*readers, desk)] == [200] * 11


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/updates/event/welcome/x/y/"])
async def test_passwords_are_checked_two_at_a_time_beside_everything_else(path):
    shared = lanes(4)
    application, lane = ThreadedHandler(shared.of), shared.sign_in
    checks = [ask(application, path, "POST") for _ in range(20)]
    await begun(2)
    await async_wait_until(lambda: lane.made + lane.count_waiting() == 20)  # each has a thread, or waits for one
    assert (lane.made, lane.count_waiting()) == (2, 18)

    assert await status_of(ask(application, "/quick")) == 200
    desk = ask(application, "/admin/slow")
    await begun(1)
    assert not slow_pages.running.acquire(blocking=False)  # no third check has begun
    slow_pages.may_end.set()
    assert [await status_of(request) for request in (*checks, desk)] == [200] * 21


async def test_requests_beyond_those_that_may_wait_are_refused_at_once():
    threads = RequestThreads(1, waiting=2)
    application = ThreadedHandler(lambda _scope: threads)
    running = ask(application, "/slow")
    await begun(1)
    waiting = [ask(application, "/quick") for _ in range(2)]

    refused = ask(application, "/quick")
    start = await refused.receive_output(CEILING)
    assert (start["status"], dict(start["headers"])[b"retry-after"]) == (503, b"5")
    await refused.receive_output(CEILING)

    slow_pages.may_end.set()
    assert [await status_of(request) for request in (running, *waiting)] == [200] * 3


async def test_one_sender_has_few_threads_and_keeps_no_other_waiting():
    application = ThreadedHandler(lanes(8).of)
    greedy = [ask(application, "/slow", sender="192.0.2.1") for _ in range(MAX_WAITING // 4 + READERS_FOR_ONE)]
    await begun(READERS_FOR_ONE)
    assert await status_of(ask(application, "/quick", sender="192.0.2.1")) == 503  # has no place to wait any more
    assert await status_of(ask(application, "/quick", sender="192.0.2.2")) == 200
    assert not slow_pages.running.acquire(blocking=False)  # no third request has begun
    slow_pages.may_end.set()
    assert [await status_of(request) for request in greedy] == [200] * len(greedy)


async def test_senders_that_wait_take_turns():
    threads = RequestThreads(1, waiting=100, for_one=1)
    application, order = ThreadedHandler(lambda _scope: threads), []
    running = ask(application, "/slow", sender="192.0.2.1")
    await begun(1)

    async def note(sender):
        assert await status_of(ask(application, "/quick", sender=sender)) == 200
        order.append(sender)

    waiting = [asyncio.create_task(note(sender)) for sender in ["192.0.2.1"] * 3 + ["192.0.2.2"]]
    await async_wait_until(lambda: threads.count_waiting() == 4)
    slow_pages.may_end.set()
    await asyncio.gather(*waiting)
    assert await status_of(running) == 200
    assert order[1] == "192.0.2.2"


async def test_threads_that_hash_passwords_yield_to_readers():
    sign_in, readers = lanes(4).sign_in, lanes(4).readers
    here = os.getpriority(os.PRIO_PROCESS, 0)
    hashing, reading = await sign_in.borrow(), await readers.borrow()
    assert hashing.submit(os.getpriority, os.PRIO_PROCESS, 0).result(CEILING) == NICE
    assert reading.submit(os.getpriority, os.PRIO_PROCESS, 0).result(CEILING) == here
