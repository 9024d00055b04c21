"""Requests borrow threads: a bounded number, with connections that stay, and with nothing left in them."""

import asyncio
import json
import threading

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.db import connection
from django.db.backends.signals import connection_created

from liveblog.request_threads import OVERLOADED, RequestThreads, ThreadedHandler
from tests.liveblog import slow_pages
from tests.servers import CEILING

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture(autouse=True)
def addresses(settings):
    settings.ROOT_URLCONF = slow_pages.__name__
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    slow_pages.may_end.clear()
    slow_pages.closed.clear()
    yield
    slow_pages.may_end.set()


def handler(threads):
    return ThreadedHandler(lambda _scope: threads)


def requested(pages, address, query=b""):
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "query_string": query,
        "headers": [(b"host", b"localhost")],
    }
    request = ApplicationCommunicator(pages, scope)
    request.input_queue.put_nowait({"type": "http.request"})
    assert not request.future.done()  # asking for it starts it
    return request


async def answer_of(request):
    start = await request.receive_output(CEILING)
    body = await request.receive_output(CEILING)
    await request.wait(CEILING)
    return start["status"], body["body"].decode()


async def answer(pages, address):
    return await answer_of(requested(pages, address))


async def slow_request(pages):
    request = requested(pages, "/slow")
    assert await asyncio.to_thread(slow_pages.running.acquire, timeout=CEILING)
    return request


async def test_slow_request_does_not_hold_others_up():
    pages = handler(RequestThreads(2))
    slow = await slow_request(pages)
    for _ in range(3):
        assert await answer(pages, "/quick") == (200, "quick")
    slow_pages.may_end.set()
    assert await answer_of(slow) == (200, "slow")


async def test_requests_beyond_the_bound_wait_and_are_answered():
    threads = RequestThreads(2)
    pages = handler(threads)
    slow = [await slow_request(pages) for _ in range(2)]
    waiting = [requested(pages, "/quick") for _ in range(5)]
    assert await waiting[0].receive_nothing()
    slow_pages.may_end.set()
    assert [await answer_of(request) for request in slow] == [(200, "slow")] * 2
    assert [await answer_of(request) for request in waiting] == [(200, "quick")] * 5
    assert threads.made == 2


async def test_without_a_bound_nobody_waits():
    pages = handler(RequestThreads(0))
    slow = [await slow_request(pages) for _ in range(20)]
    assert await answer(pages, "/quick") == (200, "quick")
    slow_pages.may_end.set()
    assert [await answer_of(request) for request in slow] == [(200, "slow")] * 20


async def test_threads_that_are_there_serve_all_if_no_other_can_start(monkeypatch):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    threads = RequestThreads(2)
    pages = handler(threads)
    with monkeypatch.context() as context:
        context.setattr(threading.Thread, "start", refuse)
        assert await answer(pages, "/quick") == (503, OVERLOADED)
    slow = await slow_request(pages)
    with monkeypatch.context() as context:
        context.setattr(threading.Thread, "start", refuse)
        waiting = requested(pages, "/quick")
        assert await waiting.receive_nothing()
    slow_pages.may_end.set()
    assert await answer_of(slow) == (200, "slow")
    assert await answer_of(waiting) == (200, "quick")
    assert threads.made == 1


async def test_thread_of_a_request_given_up_is_lent_when_it_has_ended():
    threads = RequestThreads(1)
    thread = await threads.borrow()
    work = thread.submit(slow_pages.may_end.wait, CEILING)
    threads.give_back(thread)
    waiting = asyncio.create_task(threads.borrow())
    await asyncio.sleep(0)
    assert not waiting.done()
    slow_pages.may_end.set()
    assert await asyncio.wait_for(waiting, CEILING) is thread
    assert work.result() is True


async def test_turn_of_a_request_given_up_while_it_waited_goes_to_the_next():
    threads = RequestThreads(1)
    thread = await threads.borrow()
    first, second = asyncio.create_task(threads.borrow()), asyncio.create_task(threads.borrow())
    await asyncio.sleep(0)
    threads.give_back(thread)
    first.cancel()  # its turn has come, but it does not know yet
    assert await asyncio.wait_for(second, CEILING) is thread


async def test_reader_who_leaves_ends_no_thread():
    pages = handler(RequestThreads(1))
    slow = await slow_request(pages)
    slow.input_queue.put_nowait({"type": "http.disconnect"})
    slow_pages.may_end.set()
    assert await answer(pages, "/quick") == (200, "quick")


async def test_response_in_pieces_is_sent_to_its_end_and_closed():
    request = requested(handler(RequestThreads(1)), "/pieces", b"whole")
    sent = [await request.receive_output(CEILING) for _ in range(4)]
    await request.wait(CEILING)
    assert b"".join(event.get("body", b"") for event in sent) == b"onetwo"
    assert slow_pages.closed.is_set()


async def test_response_in_pieces_ends_when_its_reader_leaves():
    pages = handler(RequestThreads(1))
    request = requested(pages, "/pieces")
    await request.receive_output(CEILING)
    assert (await request.receive_output(CEILING))["body"] == b"one"
    request.input_queue.put_nowait({"type": "http.disconnect"})
    await request.wait(CEILING)
    assert slow_pages.closed.is_set()
    assert await answer(pages, "/quick") == (200, "quick")


async def test_next_request_finds_the_thread_tidy():
    pages = handler(RequestThreads(1))
    before = json.loads((await answer(pages, "/here"))[1])
    untidy = json.loads((await answer(pages, "/untidy"))[1])
    assert (untidy["language"], untidy["zone"], untidy["autocommit"]) == ("ar", "UTC+07:00", False)
    assert json.loads((await answer(pages, "/here"))[1]) == before
    assert before["thread"] == untidy["thread"]


async def test_connection_stays_with_its_thread():
    made = []
    connection_created.connect(note := lambda **about: made.append(about["connection"]))
    pages = handler(RequestThreads(1))
    for _ in range(4):
        assert await answer(pages, "/count") == (200, '{"events": 0}')
    connection_created.disconnect(note)
    distinct = {id(one) for one in made}
    assert len(distinct) == 1
    assert len(made) == (1 if connection.vendor == "sqlite" else 4)  # PostgreSQL's are kept by a pool


async def test_broken_connection_costs_one_request():
    pages = handler(RequestThreads(1))
    assert (await answer(pages, "/broken"))[0] == 500
    assert await answer(pages, "/count") == (200, '{"events": 0}')


async def test_restart_of_the_database_costs_no_request():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")
    pages = handler(RequestThreads(1))
    await answer(pages, "/count")
    await sync_to_async(end_other_connections)()
    assert await answer(pages, "/count") == (200, '{"events": 0}')


def end_other_connections():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()
