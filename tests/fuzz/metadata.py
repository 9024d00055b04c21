"""A grammar of pictures' metadata: EXIF, IPTC and XMP, well-formed or not, in each format that we take."""

import struct
import zlib
from functools import cache

from hypothesis import strategies as st

from tests.content.pictures import drawn, saved

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
SIZE = (48, 32)

# Text

ODD_TEXTS = [
    "", " ", "\0", "\x07bell", "\r\n" * 30, " \t" * 5_000, "\u200b" * 50, "\u202eesrever", "e" + "\u0301" * 300,
    "OLYMPUS DIGITAL CAMERA", "<script>alert(1)</script>", "]]>", "&#0;", "\ufffe", "😀" * 700, "x" * 70_000,
    "حريق في المرفأ", "Zürich", "a, b, c", "../../etc/passwd", "%s%n{0}", "\x1b%G",
]  # fmt: skip
texts = st.text(max_size=40) | st.sampled_from(ODD_TEXTS)
encoded = st.builds(
    lambda text, charset: text.encode(charset, "replace"),
    texts,
    st.sampled_from(["utf-8", "cp1252", "utf-16", "utf-7"]),
) | st.binary(max_size=60)

# EXIF: a TIFF whose directories may lie about their types, counts and offsets, and point at themselves.

TAGS = [
    0x010E,
    0x013B,
    0x0112,
    0x8298,
    0x8769,
    0x8825,
    0xA005,
    0x927C,
    0x0201,
    0x0202,
    0x9286,
    0x02BC,
    0x8773,
    0,
    0xFFFF,
]
numbers = st.sampled_from([0, 1, 2, 8, 26, 255, 2**16 - 1, 2**31 - 1, 2**32 - 1]) | st.integers(0, 400)
directory_entries = st.tuples(
    st.sampled_from(TAGS), st.integers(0, 14) | st.just(0xFFFF), numbers, numbers | st.binary(min_size=4, max_size=4)
)


@st.composite
def exif(draw):
    order, magic = draw(st.sampled_from([("<", b"II*\0"), (">", b"MM\0*")]))
    data = magic + struct.pack(f"{order}I", draw(st.just(8) | numbers))
    for _ in range(draw(st.integers(1, 3))):
        entries = draw(st.lists(directory_entries, max_size=8))
        data += struct.pack(f"{order}H", draw(st.just(len(entries)) | st.integers(0, 2**16 - 1)))
        for tag, kind, count, value in entries:
            data += struct.pack(f"{order}HHI", tag, kind, count)
            data += value if isinstance(value, bytes) else struct.pack(f"{order}I", value)
        data += struct.pack(f"{order}I", draw(numbers))
    data += draw(encoded)
    return draw(st.sampled_from([b"Exif\0\0", b"Exif\0\0", b""])) + data[:60_000]


# IPTC: fields in a block of Photoshop's, with lengths that may be wrong.

iptc_fields = st.tuples(
    st.integers(0, 3), st.sampled_from([0, 5, 25, 80, 90, 105, 110, 116, 120, 255]), encoded, st.none() | numbers
)


@st.composite
def iptc(draw):
    block = b""
    for record, number, value, length in draw(st.lists(iptc_fields, max_size=30)):
        block += struct.pack(">BBBH", 0x1C, record, number, min(length or len(value), 2**16 - 1)) + value
    name = draw(st.sampled_from([b"\0\0", b"\x03abc", b"\xff", b""]))
    length = draw(st.just(len(block)) | numbers)
    return b"Photoshop 3.0\0" + b"8BIM" + struct.pack(">H", 0x0404) + name + struct.pack(">I", length) + block


# XMP: properties in each of the shapes that programs write, nested and repeated, or no XML at all.

NAMESPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:core="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"'
)
NAMES = ["dc:description", "dc:creator", "photoshop:Credit", "core:AltTextAccessibility", "dc:title", "x"]
SURROUNDINGS = ["rdf:Alt", "rdf:Seq", "rdf:Bag", "rdf:li", "rdf:Description", "dc:description", "y"]
words = texts.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")) | st.sampled_from(
    ["&a;", "&#0;", "&#x10FFFF;", "<!--", "<![CDATA[", "]]>", "<?php ?>", "<", "</rdf:li>", "\0"]
)
wrapped = st.builds(
    lambda tag, times, inner: f"<{tag}>" * times + inner + f"</{tag}>" * times,
    st.sampled_from(SURROUNDINGS), st.sampled_from([1, 1, 2, 31, 40, 3_000]), words,
)  # fmt: skip
repeated = st.builds(lambda inner, times: inner * times, wrapped | words, st.sampled_from([1, 1, 1, 3, 30, 6_000]))
properties = st.builds(lambda name, inner: f"<{name}>{inner[:400_000]}</{name}>", st.sampled_from(NAMES), repeated)
DECLARATIONS = [
    "", "", "", '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>', '<?xml version="1.0" encoding="utf-16"?>',
    '<!DOCTYPE x [<!ENTITY a "ha">]>', '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
]  # fmt: skip
packets = st.builds(
    lambda declaration, inner: (
        f'{declaration}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {NAMESPACES}>'
        f"<rdf:Description>{''.join(inner)}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ),
    st.sampled_from(DECLARATIONS), st.lists(properties, max_size=4),
)  # fmt: skip
xmp = st.builds(
    lambda packet, charset: packet.encode(charset, "replace"), packets, st.sampled_from(["utf-8", "utf-8", "utf-16"])
) | st.binary(max_size=80)

# Files


@st.composite
def files(draw):
    """A picture's file with metadata, some of whose bytes may have been changed or lost."""
    kind = draw(st.sampled_from(FORMATS))
    data = in_file(
        kind,
        exif=draw(st.none() | exif()),
        iptc=draw(st.none() | iptc()) if kind == "JPEG" else None,
        xmp=draw(st.none() | xmp),
        compressed=draw(st.booleans()),
    )
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 4]))):
        place = draw(st.integers(0, len(data) - 1))
        data = data[:place] + draw(st.binary(min_size=1, max_size=4)) + data[place + draw(st.integers(0, 4)) :]
    return data[: draw(st.sampled_from([len(data)] * 6 + [len(data) // 2, 20]))]


def in_file(kind, *, exif=None, iptc=None, xmp=None, compressed=False):
    """A picture of ``SIZE`` with these blocks of metadata, as they are."""
    if kind == "JPEG":
        return _jpeg(exif, iptc, xmp)
    if kind == "PNG":
        return _png(exif, xmp, compressed=compressed)
    if kind == "WEBP":
        return _webp(exif, xmp)
    return _in_boxes(kind, exif, xmp)


@cache
def plain(kind):
    return saved(drawn(*SIZE), kind)


def _jpeg(exif, iptc, xmp):
    longest = 65_533
    segments = b""
    for marker, prefix, block in (
        (b"\xff\xe1", b"", exif),
        (b"\xff\xed", b"", iptc),
        (b"\xff\xe1", b"http://ns.adobe.com/xap/1.0/\0", xmp),
    ):
        if block is not None:
            content = (prefix + block)[:longest]
            segments += marker + struct.pack(">H", len(content) + 2) + content
    return plain("JPEG")[:2] + segments + plain("JPEG")[2:]


def _png(exif, xmp, *, compressed):
    chunks = b""
    if exif is not None:
        chunks += _chunk(b"eXIf", exif.removeprefix(b"Exif\0\0"))
    if xmp is not None:
        text = zlib.compress(xmp) if compressed else xmp
        chunks += _chunk(b"iTXt", b"XML:com.adobe.xmp\0" + bytes([compressed, 0]) + b"\0\0" + text)
    return plain("PNG")[:33] + chunks + plain("PNG")[33:]


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _webp(exif, xmp):
    flags = 8 * (exif is not None) + 4 * (xmp is not None)
    size = b"".join(struct.pack("<I", side - 1)[:3] for side in SIZE)
    body = _riff(b"VP8X", struct.pack("<I", flags) + size) + plain("WEBP")[12:]
    body += _riff(b"EXIF", exif) if exif is not None else b""
    body += _riff(b"XMP ", xmp) if xmp is not None else b""
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _riff(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _in_boxes(kind, exif, xmp):
    """AVIF and HEIC address their parts by position: the encoder puts in blocks of the same length, then replaced."""
    blocks = {name: block for name, block in (("exif", exif), ("xmp", xmp)) if block}
    data = _with_room(kind, tuple((name, _room(block)) for name, block in blocks.items()))
    for name, block in blocks.items():
        place = _placeholder(name, _room(block))
        data = data.replace(place, block.removeprefix(b"Exif\0\0").ljust(len(place), b"\0"), 1)
    return data


@cache
def _with_room(kind, rooms):
    return saved(drawn(*SIZE), kind, **{name: _placeholder(name, room) for name, room in rooms})


def _room(block):
    """Few different lengths, so that few pictures are encoded."""
    return max(64, 1 << len(block).bit_length())


def _placeholder(name, length):
    empty = b"II*\0\x08\0\0\0\0\0\0\0\0\0" if name == "exif" else b"<x"
    return empty.ljust(length, name[:1].encode())
