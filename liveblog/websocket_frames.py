"""WebSocket frames as bytes (RFC 6455, section 5), as far as readers' sockets need them."""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from struct import pack
from typing import Final

LAST: Final = 0x80
"""Bit of a frame that ends its message."""

MASKED: Final = 0x80
"""Bit of a frame whose payload is masked, as all frames of clients are."""

MAX_CONTROL: Final = 125
"""Bytes of the payload of a close, ping or pong."""


class Opcode(IntEnum):
    CONTINUATION = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA

    @property
    def is_control(self) -> bool:
        return self >= Opcode.CLOSE


class ProtocolViolation(Exception):
    """A client sent something that is no frame."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the payload of a client's frame."""

    opcode: Opcode
    length: int
    """Bytes of the payload."""
    size: int
    """Bytes of the head itself, of which the last four are the mask."""


def frame(opcode: Opcode, payload: bytes) -> bytes:
    """Encode one unfragmented, unmasked message without compression, which no reader is offered."""
    if len(payload) < 126:
        head = pack("!BB", LAST | opcode, len(payload))
    elif len(payload) < 2**16:
        head = pack("!BBH", LAST | opcode, 126, len(payload))
    else:
        head = pack("!BBQ", LAST | opcode, 127, len(payload))
    return head + payload


@lru_cache(maxsize=8)
def text_frame(text: str) -> bytes:
    """Encode a text, once for all readers."""
    return frame(Opcode.TEXT, text.encode())


def close_frame(code: int) -> bytes:
    return frame(Opcode.CLOSE, pack("!H", code))


def read_head(data: bytes) -> Head | None:
    """Read the head of a client's frame; ``None`` while it is not complete. Raises ``ProtocolViolation``."""
    if len(data) < 2:
        return None
    length = data[1] & 0x7F
    try:
        opcode = Opcode(data[0] & 0x0F)
    except ValueError:
        raise ProtocolViolation("unknown kind of frame") from None
    if data[0] & 0x70 or not data[1] & MASKED:
        raise ProtocolViolation("reserved bits, or no mask")
    if opcode.is_control and (length > MAX_CONTROL or not data[0] & LAST):
        raise ProtocolViolation("a long or divided control frame")
    length_bytes = {126: 2, 127: 8}.get(length, 0)
    size = 2 + length_bytes + 4
    if len(data) < size:
        return None
    return Head(opcode, int.from_bytes(data[2 : 2 + length_bytes]) if length_bytes else length, size)


def unmasked(data: bytes, mask: bytes) -> bytes:
    return bytes(byte ^ mask[index % 4] for index, byte in enumerate(data))
