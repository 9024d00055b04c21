"""Pictures are decoded in a process of its own, one after the other, within limits."""

import os
import resource
import signal
import time
from array import array
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from fcntl import ioctl
from io import BytesIO
from pathlib import Path
from termios import FIONREAD

import pytest
from django.core.exceptions import ValidationError
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.content.pictures import drawn, saved
from tests.servers import CEILING, wait_until
from updates.content import image_process
from updates.content.image_process import ORIGINALS, UPLOADS, WAITING_AT_MOST, Busy
from updates.content.images import preview, read_image, renditions

PHOTO = saved(drawn(), "JPEG")


@contextmanager
def stopped(process):
    """A worker that makes no step, as with a file that takes very long."""
    process.run("preview", PHOTO)
    pid = process.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield pid
    finally:
        if process.pid == pid:
            os.kill(pid, signal.SIGCONT)


def read(data=PHOTO):
    return read_image(BytesIO(data)).width


def unread_by(process):
    """Return the number of bytes that were sent to a stopped worker."""
    count = array("i", [0])
    ioctl(process._process.stdin, FIONREAD, count)
    return count[0]


def refusal(data):
    with pytest.raises(ValidationError) as refused:
        read(data)
    return refused.value.code


def xmp(packet):
    text = PngInfo()
    text.add_itxt("XML:com.adobe.xmp", packet, zip=True)
    return saved(drawn(), "PNG", pnginfo=text)


def described(words):
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>'
        f"<rdf:li>{words}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def test_uploads_wait_for_each_other_and_one_too_many_is_refused():
    with ThreadPoolExecutor(WAITING_AT_MOST + 2) as several:
        with stopped(UPLOADS):
            sent = [several.submit(read) for _ in range(WAITING_AT_MOST + 2)]
            wait_until(lambda: any(each.done() for each in sent), "one is refused")
            [refused] = [each for each in sent if each.done()]

        assert isinstance(refused.exception(), Busy)
        assert [each.result() for each in sent if each is not refused] == [120] * (WAITING_AT_MOST + 1)
    assert read() == 120


def test_originals_do_not_wait_behind_uploads_nor_uploads_behind_them():
    master = read_image(BytesIO(PHOTO)).master
    with ThreadPoolExecutor(3) as several:
        with stopped(UPLOADS):
            assert several.submit(renditions, master).result(timeout=CEILING)
        with stopped(ORIGINALS):
            both = [several.submit(renditions, master), several.submit(preview, master)]
            assert several.submit(read).result(timeout=CEILING) == 120
            assert not any(each.done() for each in both)
        assert all(each.result() for each in both)


def test_a_worker_that_hangs_is_killed_and_the_next_picture_is_read(monkeypatch):
    with stopped(UPLOADS) as pid, monkeypatch.context() as soon:
        soon.setattr(image_process, "DEADLINE", 0.3)
        assert refusal(PHOTO) == "died"

    assert not Path(f"/proc/{pid}").exists()
    assert read() == 120


def test_a_worker_that_dies_in_the_middle_costs_one_picture():
    with ThreadPoolExecutor(1) as thread:
        with stopped(UPLOADS) as pid:
            sent = thread.submit(refusal, PHOTO)
            wait_until(lambda: unread_by(UPLOADS), "the worker has the file")  # before that, another one would start
            os.kill(pid, signal.SIGKILL)

        assert sent.result(timeout=CEILING) == "died"
    assert read() == 120


def test_a_file_that_takes_more_memory_than_there_is_is_refused():
    read()
    status = Path(f"/proc/{UPLOADS.pid}/status").read_text()
    taken = int(status.split("VmSize:")[1].split()[0]) * 1024
    resource.prlimit(UPLOADS.pid, resource.RLIMIT_AS, (taken + 8_000_000, taken + 8_000_000))

    assert refusal(saved(Image.new("RGB", (4000, 4000)), "PNG")) in ("too_costly", "damaged", "died")
    UPLOADS.close()
    assert read() == 120


def test_a_worker_that_took_much_memory_gives_it_back_by_ending():
    UPLOADS.close()
    canvas = saved(Image.new("RGBA", (5000, 5000), (1, 2, 3, 4)), "WEBP", lossless=True, quality=0, method=0)
    read()
    pid = UPLOADS.pid

    assert read(canvas) == 3200
    assert not Path(f"/proc/{pid}").exists()
    assert read() == 120


def test_the_worker_knows_no_secret_and_has_its_limits():
    read()
    environment = Path(f"/proc/{UPLOADS.pid}/environ").read_bytes()
    names = {entry.split(b"=")[0].decode() for entry in environment.split(b"\0") if entry}

    assert names <= {"PATH", "LANG", "LC_CTYPE"}
    assert resource.prlimit(UPLOADS.pid, resource.RLIMIT_FSIZE) == (0, 0)
    assert 0 < resource.prlimit(UPLOADS.pid, resource.RLIMIT_AS)[0] <= 1_300_000_000  # “no limit” is -1
    assert 0 < resource.prlimit(UPLOADS.pid, resource.RLIMIT_CPU)[0] < 60


BLANKS = xmp(described("A ferry" + " \t" * 100_000 + "too far away"))
NESTED = xmp(described("<rdf:li>" * 2000 + "x" + "</rdf:li>" * 2000))
WIDE = xmp(described("</rdf:li><rdf:li>".join("x" * 20_000)))


@pytest.mark.parametrize(
    ("data", "caption"), [(BLANKS, "A ferry"), (NESTED, ""), (WIDE, "")], ids=["blanks", "nested", "wide"]
)
def test_metadata_without_end_costs_the_server_nothing_and_spoils_no_picture(data, caption):
    began, memory = time.process_time(), peak()
    picture = read_image(BytesIO(data))

    assert (picture.width, picture.caption) == (120, caption)
    assert time.process_time() - began < 0.5  # of this process; the worker's is not counted
    assert peak() - memory < 20_000


def peak():
    """Kilobytes this process has had at most."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
