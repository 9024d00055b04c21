"""Answers from memory: as fresh as Django's, for everybody or for nobody, and made once however many wait."""

import asyncio

import pytest

from liveblog.response_memory import KEPT_FOR, MAX_ANSWERS, ResponseMemory
from tests.servers import CEILING, async_wait_until

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch):
    """On a busy machine an answer could become too old within a test."""
    monkeypatch.setattr("liveblog.response_memory.monotonic", lambda: 100.0)


class Site:
    """Stands for Django and the database behind the memory."""

    def __init__(self, **headers):
        self.position = {"storm": ("e", 1)}
        self.made = 0
        self.reads = 0
        self.headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        self.status = 200
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.memory = ResponseMemory(self.django, self.read)

    async def read(self, slugs):
        self.reads += 1
        position = dict(self.position)
        await asyncio.sleep(0)
        return {slug: position[slug] for slug in slugs if slug in position}

    async def has_begun(self, read):
        """Wait until this read has begun; it ends in the loop's next turn."""
        while self.reads < read:  # noqa: ASYNC110 – a condition that sets an event would come a turn later
            await asyncio.sleep(0)

    async def django(self, scope, receive, send):
        self.made += 1
        text = f"{self.made} at {self.position.get('storm')}"
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": text.encode()})

    async def get(self, path="/storm/", method="GET", query=b"", headers=(), **scope):
        events = []

        async def send(event):
            events.append(event)

        scope = {"scheme": "http", "server": ["127.0.0.1", 8000]} | scope
        scope |= {"type": "http", "method": method, "path": path, "query_string": query, "headers": list(headers)}
        async with asyncio.timeout(CEILING):
            await self.memory(scope, None, send)
        return events[1]["body"].decode()


def test_page_is_made_once_for_each_position():
    async def run():
        site = Site()
        answers = [await site.get(), await site.get()]
        site.position["storm"] = ("e", 2)
        answers += [await site.get(), await site.get()]
        site.position["storm"] = ("f", 2)
        return [*answers, await site.get()]

    first, second, third = "1 at ('e', 1)", "2 at ('e', 2)", "3 at ('f', 2)"
    assert asyncio.run(run()) == [first, first, second, second, third]


def test_page_that_was_overtaken_while_it_was_made_is_not_kept():
    async def run():
        site = Site()
        site.may_answer.clear()
        early = asyncio.create_task(site.get())
        await async_wait_until(lambda: site.made)
        site.position["storm"] = ("e", 2)
        site.may_answer.set()
        return await early, await site.get()

    assert asyncio.run(run()) == ("1 at ('e', 1)", "2 at ('e', 2)")


def test_many_who_ask_at_once_make_one_page_and_few_reads():
    async def run():
        site = Site()
        answers = await asyncio.gather(*(site.get() for _ in range(300)))
        return set(answers), site.made, site.reads

    answers, made, reads = asyncio.run(run())
    assert (answers, made) == ({"1 at ('e', 1)"}, 1)
    assert reads <= 6


def test_who_comes_after_a_change_is_never_answered_by_an_earlier_read():
    async def run():
        site = Site()
        await site.get()
        early = asyncio.create_task(site.get())
        await site.has_begun(3)
        site.position["storm"] = ("e", 2)
        return await site.get(), await early

    late, early = asyncio.run(run())
    assert late == "2 at ('e', 2)"
    assert early in {"1 at ('e', 1)", "2 at ('e', 2)"}


@pytest.mark.parametrize(
    "options",
    [
        {"method": "HEAD"},
        {"method": "POST"},
        {"headers": [(b"cookie", b"sessionid=a")]},
        {"headers": [(b"authorization", b"Basic YTpi")]},
        {"headers": [(b"range", b"bytes=0-5")]},
        {"headers": [(b"if-modified-since", b"Mon, 30 Nov 2026 12:00:00 GMT")]},
        {"headers": [(b"if-none-match", b'"a"'), (b"if-none-match", b'"b"')]},
        {"path": "/feed.rss"},
        {"path": "/admin/"},
        {"path": "/unknown-event/"},
    ],
)
def test_other_requests_are_left_to_django(options):
    async def run():
        site = Site()
        return [await site.get(**options) for _ in range(2)]

    first, second = asyncio.run(run())
    assert first != second


def test_feed_of_a_live_blog_is_kept_as_its_page_is():
    async def run():
        site = Site()
        first, second = [await site.get(path="/storm/feed.rss") for _ in range(2)]
        site.position["storm"] = ("e", 2)
        return first, second, await site.get(path="/storm/feed.rss")

    first, second, later = asyncio.run(run())
    assert first == second != later


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (404, {}),
        (200, {"set_cookie": "a=b"}),
        (200, {"content_security_policy": "script-src 'nonce-abc'"}),
    ],
)
def test_answers_that_are_not_for_everybody_are_not_kept(status, headers):
    async def run():
        site = Site(**headers)
        site.status = status
        return [await site.get() for _ in range(2)]

    first, second = asyncio.run(run())
    assert first != second


def with_header(name, value):
    return {"headers": [(name, value)]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"path": "/storm/"}, {"path": "/storm/feed.rss"}),
        ({"query": b"page=1"}, {"query": b"page=2"}),
        ({"scheme": "http"}, {"scheme": "https"}),
        ({"server": ["127.0.0.1", 8000]}, {"server": ["127.0.0.2", 8000]}),
        ({"server": ["127.0.0.1", 8000]}, {"server": ["127.0.0.1", 8001]}),
        (with_header(b"host", b"live.example"), with_header(b"host", b"other.example")),
        (with_header(b"host", b"live.example"), {}),
        (with_header(b"accept-encoding", b"gzip"), with_header(b"accept-encoding", b"br")),
        (with_header(b"accept-encoding", b"gzip"), {}),
        (with_header(b"if-none-match", b'"a"'), with_header(b"if-none-match", b'"b"')),
        (with_header(b"if-none-match", b'"a"'), {}),
    ],
)
def test_answer_to_one_request_is_never_sent_to_another_that_differs(one, other):
    async def run():
        site = Site()
        return [await site.get(**request) for request in (one, other, one, other)]

    first, second, *again = asyncio.run(run())
    assert first != second
    assert again == [first, second]  # both are kept


def test_what_differs_is_asked_apart_and_the_oldest_is_forgotten():
    async def run():
        site = Site()
        first = await site.get(headers=[(b"accept-encoding", b"gzip")])
        others = [await site.get(query=b"page=%d" % number) for number in range(MAX_ANSWERS)]
        return first, others, await site.get(headers=[(b"accept-encoding", b"gzip")])

    first, others, last = asyncio.run(run())
    assert len({first, *others, last}) == MAX_ANSWERS + 2


def test_answers_that_are_too_old_take_no_memory(monkeypatch):
    now = 100.0
    monkeypatch.setattr("liveblog.response_memory.monotonic", lambda: now)

    async def run():
        nonlocal now
        site = Site()
        for number in range(3):
            await site.get(query=b"page=%d" % number)
            now += 4
        full = len(site.memory._answers), site.memory._size
        now += KEPT_FOR
        await site.get()
        return full, (len(site.memory._answers), site.memory._size)

    assert asyncio.run(run()) == ((3, 3 * 13), (1, 13))


def test_error_reaches_who_asked_and_the_next_one_is_answered():
    async def run():
        site = Site()
        site.may_answer = None  # Django fails
        with pytest.raises(AttributeError):
            await site.get()
        site.may_answer = asyncio.Event()
        site.may_answer.set()
        return await site.get()

    assert asyncio.run(run()) == "2 at ('e', 1)"
