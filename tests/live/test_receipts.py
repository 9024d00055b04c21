"""How many open pages a change was handed to, and what a sample of them says: over two server processes."""

import asyncio
import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from websockets.sync.client import connect

from tests.factories import editor_of, make_event, post
from tests.live.test_sockets import address
from tests.servers import CEILING, running_site, wait_until
from updates import publishing
from updates.live import receipts
from updates.live.frames import Frame
from updates.live.receipts import COUNT_LIFETIME, SALT, TOKEN_LIFETIME, ReceiptCounter
from updates.live.threads import in_background_thread
from updates.models import Delivery, Event
from updates.queries.receipts import Pace, Receipts, pace_of, receipts_of

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two_sites(transactional_db, tmp_path):
    with running_site(tmp_path / "one.log") as one, running_site(tmp_path / "two.log") as two:
        yield one, two


def open_pages(stack, event, *sites):
    event.refresh_from_db()
    pages = [
        stack.enter_context(connect(address(site, event, since=event.head), open_timeout=CEILING)) for site in sites
    ]
    for page in pages:
        assert json.loads(page.recv(timeout=CEILING))["t"] == "sync"
    return pages


def next_ops(page):
    while (frame := json.loads(page.recv(timeout=CEILING)))["t"] != "ops":
        pass
    return frame


def answer(site, event, token):
    request = urllib.request.Request(f"{site.url}/{event.slug}/seen", token.encode(), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=CEILING) as response:
            assert "Set-Cookie" not in response.headers
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def test_open_pages_are_counted_and_a_token_is_good_once(two_sites):
    one, two = two_sites
    event = make_event()
    entry = post(event, "Gate leaking")
    with ExitStack() as stack:
        pages = open_pages(stack, event, one, one, one, two, two)

        seq = publishing.remove(entry.pk, editor_of(event)).seq

        with ThreadPoolExecutor() as several:
            tokens = [frame["ask"] for frame in several.map(next_ops, pages)]
        assert len(set(tokens)) == 5
        wait_until(lambda: receipts_of(event.pk, seq).sent == 5, "both processes have said how many")
        receipts = receipts_of(event.pk, seq)
        assert (receipts.requested, receipts.confirmed, receipts.share, receipts.is_settled) == (5, 0, 0, False)
        assert 0 < receipts.seconds < CEILING
        # A page answers to whichever process it meets; what it says twice counts once.
        assert [answer(site, event, token) for site, token in zip([two, two, one, one], tokens, strict=False)] == [
            204
        ] * 4
        assert answer(two, event, tokens[0]) == 204
        wait_until(lambda: receipts_of(event.pk, seq).confirmed == 4, "four have said that they have it")
        assert receipts_of(event.pk, seq).share == 80


def test_new_updates_are_counted_and_their_pace_is_known(site):
    event = make_event()
    with ExitStack() as stack:
        pages = open_pages(stack, event, site, site)
        seq = post(event, "Gate holds").seq
        tokens = [next_ops(page)["ask"] for page in pages]
        assert pace_of(event.pk) is None
        assert [answer(site, event, token) for token in tokens] == [204, 204]
        wait_until(lambda: receipts_of(event.pk, seq).confirmed == 2, "both have said that they show it")
        pace = pace_of(event.pk)
        assert 0 < pace.median <= pace.slow < CEILING


def test_the_pace_is_that_of_all_confirmations(transactional_db):
    event = make_event()
    entry = post(event, "Gate holds")
    at = entry.changes.get().at
    figures = {"event": event, "after": 0, "seq": entry.seq, "until": at}
    Delivery.objects.create(process="a", handed_at=at + timedelta(seconds=1), delays=[100] * 90, **figures)
    Delivery.objects.create(process="b", handed_at=None, delays=[5000] * 10, **figures)
    assert pace_of(event.pk) == Pace(median=1.1, slow=5.0)


def test_what_is_no_token_is_refused(site):
    event = make_event()
    old = signing.dumps([event.pk, 0, 1, "process", 0], salt="another")
    shorter = signing.dumps([event.pk, 0, 1, "process", 0], salt=SALT)  # of an older release
    assert [answer(site, event, token) for token in ("", "x" * 5000, "a:b:c", old, shorter)] == [400] * 5
    with pytest.raises(urllib.error.HTTPError, match="405"):
        site.get(f"/{event.slug}/seen")


def test_a_token_expires():
    counter = ReceiptCounter()
    (text,) = counter.texts_that_ask(7, Frame(3, 4, '{"t":"ops"}', frozenset({"a"})), ["reader"]).values()
    token = json.loads(text)["ask"]
    assert counter.confirm(token)
    with time_machine.travel(time.time() + 121):
        assert not counter.confirm(token)


def test_a_count_that_no_token_can_change_any_more_takes_no_memory():
    counter = ReceiptCounter()
    counter.record_sent(7, Frame(3, 4, "{}"), 10, 10)
    with time_machine.travel(time.time() + TOKEN_LIFETIME.total_seconds() + 1):
        counter.record_sent(7, Frame(4, 5, "{}"), 10, 10)
        assert [(row.seq, row.sent) for row in sorted(counter._rows(), key=lambda row: row.seq)] == [(4, 10), (5, 10)]
        assert len(counter._counts) == 2
    with time_machine.travel(time.time() + COUNT_LIFETIME.total_seconds() + 1):
        assert counter._rows() == []
        assert [seq for _, _, seq in counter._counts] == [5]


def test_counts_that_the_database_did_not_take_are_written_with_the_next_ones():
    event = make_event()
    counter, refused = ReceiptCounter(), -1
    counter.record_sent(event.pk, Frame(0, 1, "{}"), 10, 10)
    counter.record_sent(event.pk, Frame(1, 2, "{}"), refused, 10)

    async def one_write():
        await asyncio.to_thread(wait_until, lambda: not counter._unwritten, "the counter writes")
        await in_background_thread(lambda: None)  # the write has ended

    async def run():
        writing = asyncio.create_task(counter.run())
        await one_write()
        counter.record_sent(event.pk, Frame(1, 2, "{}"), 20, 10)
        await one_write()
        writing.cancel()

    asyncio.run(run())
    assert list(Delivery.objects.filter(event=event).order_by("seq").values_list("sent", flat=True)) == [10, 20]


def test_a_sample_is_asked_and_no_more_is_looked_at_than_there_is_room_for():
    counter = ReceiptCounter()
    readers = [object() for _ in range(3000)]
    frame = Frame(3, 4, '{"t":"ops"}', frozenset({"a"}))
    assert len(counter.texts_that_ask(7, frame, readers)) == receipts.SAMPLE_SIZE
    assert len(counter.texts_that_ask(7, Frame(3, 4, '{"t":"ops"}'), readers)) == receipts.NEWS_SAMPLE_SIZE
    looked_at = [counter.has_room() for _ in range(3 * receipts.MAX_PER_SECOND)]
    assert looked_at.count(False) >= receipts.MAX_PER_SECOND


def test_a_change_that_nobody_was_there_to_see_has_no_time():
    event = make_event()
    seq = publishing.remove(post(event, "Gate leaking").pk, editor_of(event)).seq
    assert receipts_of(event.pk, seq) == Receipts(event.pk, seq, "remove", 0, None, 0, 0, is_settled=False)
    assert receipts_of(event.pk, Event.objects.get().head + 1) is None
