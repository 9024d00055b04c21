"""Nonces of pages that are drawn once and sent to many.

A page is cached with a placeholder in the place of each nonce, and gets a new nonce with every response, in the page
and in its policy. Only templates of a site use nonces (docs/site.md), so usual pages are sent as they are.
"""

import zlib
from dataclasses import dataclass

from django.http import HttpRequest

from updates.rendering.page_frame import NONCE

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"
_RAW = -zlib.MAX_WBITS


def with_nonces(text: str, request: HttpRequest) -> str:
    """Replace the placeholders of a page that is not cached."""
    return text.replace(NONCE, nonce_of(request)) if NONCE in text else text


@dataclass(frozen=True)
class NoncedBody:
    """A page in the parts between its nonces, each also compressed.

    Deflated data may be put together from parts, so a response costs a checksum and not another compression.
    """

    plain: tuple[bytes, ...]
    deflated: tuple[bytes, ...]

    @classmethod
    def of(cls, text: str) -> "NoncedBody":
        plain = tuple(part.encode() for part in text.split(NONCE))
        return cls(plain, tuple(map(_deflated, plain)))

    def filled(self, request: HttpRequest) -> bytes:
        return nonce_of(request).encode().join(self.plain)

    def packed(self, request: HttpRequest) -> bytes:
        """Return the page with a nonce as a gzip file."""
        whole, stored = self.filled(request), _stored(nonce_of(request).encode())
        trailer = zlib.crc32(whole).to_bytes(4, "little") + len(whole).to_bytes(4, "little")
        return b"".join((_GZIP_HEADER, stored.join(self.deflated), _LAST_BLOCK, trailer))


def nonce_of(request: HttpRequest) -> str:
    """Return the nonce of a response; ``liveblog/security.py`` puts it into the policy because it was asked for."""
    return str(getattr(request, "csp_nonce", ""))


def _deflated(part: bytes) -> bytes:
    """Compress a part into blocks that end with a whole byte and refer to nothing before them."""
    compressor = zlib.compressobj(6, zlib.DEFLATED, _RAW)
    return compressor.compress(part) + compressor.flush(zlib.Z_FULL_FLUSH)


def _stored(text: bytes) -> bytes:
    """Return an uncompressed deflate block that is not the last one."""
    length = len(text)
    return b"\x00" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + text
