"""Pictures are unpacked one after the other, and only a few wait for it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from threading import Event, Thread

from tests.content.pictures import drawn, saved
from tests.servers import wait_until
from updates.content.image_queue import MASTERS, UPLOADS, WAITING_AT_MOST, Busy
from updates.content.images import preview, read_image, renditions

PHOTO = saved(drawn(), "JPEG")


@contextmanager
def at_work(turns):
    begun, end = Event(), Event()
    one = Thread(target=turns.run, args=(lambda: begun.set() or end.wait(60),))
    one.start()
    begun.wait(60)
    try:
        yield
    finally:
        end.set()
        one.join()


def read():
    return read_image(BytesIO(PHOTO)).width


def test_uploads_wait_for_each_other_and_one_too_many_is_sent_away():
    with ThreadPoolExecutor(WAITING_AT_MOST + 1) as several, at_work(UPLOADS):
        sent = [several.submit(read) for _ in range(WAITING_AT_MOST + 1)]
        wait_until(lambda: any(each.done() for each in sent), "one is sent away")
        [refused] = [each for each in sent if each.done()]

    assert isinstance(refused.exception(), Busy)
    assert [each.result() for each in sent if each is not refused] == [120] * WAITING_AT_MOST
    assert read() == 120


def test_what_is_kept_is_unpacked_one_after_the_other_too_and_not_behind_uploads():
    master = read_image(BytesIO(PHOTO)).master
    with ThreadPoolExecutor(3) as several:
        with at_work(UPLOADS):
            assert several.submit(renditions, master).result(timeout=30)
        with at_work(MASTERS):
            both = [several.submit(renditions, master), several.submit(preview, master)]
            assert several.submit(read).result(timeout=30) == 120
            assert not any(each.done() for each in both)
        assert all(each.result() for each in both)
