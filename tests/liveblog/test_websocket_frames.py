"""Frames as bytes: what is sent, and which heads of a client's frames are read or refused."""

import pytest

from liveblog.websocket_frames import Head, Opcode, ProtocolViolation, close_frame, read_head, text_frame, unmasked

pytestmark = pytest.mark.once

MASK = b"mask"


@pytest.mark.parametrize(
    ("length", "head"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65_535, b"\x81\x7e\xff\xff"),
        (65_536, b"\x81\x7f" + (65_536).to_bytes(8, "big")),
    ],
)
def test_text_has_a_head_that_fits_its_length(length, head):
    assert text_frame("x" * length) == head + b"x" * length


def test_close_carries_its_code():
    assert close_frame(4001) == b"\x88\x02\x0f\xa1"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x81\x85" + MASK, Head(Opcode.TEXT, 5, 6)),
        (b"\x89\xfd" + MASK, Head(Opcode.PING, 125, 6)),
        (b"\x02\xfe\x01\x00" + MASK, Head(Opcode.BINARY, 256, 8)),
        (b"\x80\xff" + (2**20).to_bytes(8, "big") + MASK, Head(Opcode.CONTINUATION, 2**20, 14)),
    ],
)
def test_head_is_read_when_it_is_complete(data, expected):
    assert read_head(data + b"payload") == expected
    assert [read_head(data[:size]) for size in range(len(data))] == [None] * len(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x81\x05",  # not masked
        b"\xc1\x85",  # compressed, which was not agreed
        b"\x83\x80",  # unknown kind
        b"\x09\x80",  # a ping in parts
        b"\x88\xfe",  # a long close
        b"GET / HTTP/1.1",
    ],
)
def test_what_is_no_frame_is_refused(data):
    with pytest.raises(ProtocolViolation):
        read_head(data)


def test_payload_is_unmasked():
    assert unmasked(bytes(a ^ b for a, b in zip(b"hello", b"maskm", strict=True)), MASK) == b"hello"
