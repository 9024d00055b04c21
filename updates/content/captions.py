"""Reads caption, credit and alt text from a picture's metadata to fill in the form. The metadata is removed later."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from PIL import ExifTags, ImageFile
from PIL.IptcImagePlugin import getiptcinfo

from .text import clean_line, truncate, without_control_characters

CAPTION_LENGTH, CREDIT_LENGTH, ALT_LENGTH = 1000, 200, 500

_IPTC_CHARSET, _IPTC_BYLINE, _IPTC_CREDIT, _IPTC_CAPTION = (1, 90), (2, 80), (2, 110), (2, 120)
_IPTC_UTF8 = b"\x1b%G"

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_IPTC_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"

_NOISE = frozenset({"sony dsc", "dcim", "default", "untitled", "created with gimp"})
"""Captions that cameras and programs insert automatically. Those that end in “digital camera” are ignored as well."""

_LONGEST = 20_000
"""Characters that are read of one text."""

_MOST_TEXTS = 20
"""Texts that are read of one field, such as several creators."""

_LONGEST_PACKET = 256 * 1024
"""Bytes of an XMP packet; cameras and agencies write a few thousand."""

_DEEPEST, _MOST_ELEMENTS = 32, 5_000


@dataclass(frozen=True)
class Caption:
    caption: str = ""
    credit: str = ""
    alt: str = ""


@dataclass(frozen=True)
class _Metadata:
    caption: str = ""
    byline: str = ""
    credit: str = ""
    alt: str = ""


def read_caption(image: ImageFile.ImageFile) -> Caption:
    """Return the first texts found in IPTC, XMP and EXIF; empty if nothing can be read."""
    sources = [_legible(read, image) for read in (_iptc, _xmp, _exif)]
    byline, credit = _first(source.byline for source in sources), _first(source.credit for source in sources)
    signed = credit if byline.casefold() in credit.casefold() else "/".join(filter(None, (byline, credit)))
    return Caption(
        caption=truncate(_first(source.caption for source in sources), CAPTION_LENGTH),
        credit=truncate(signed, CREDIT_LENGTH),
        alt=truncate(_first(source.alt for source in sources), ALT_LENGTH),
    )


def _legible(read: Callable[[ImageFile.ImageFile], _Metadata], image: ImageFile.ImageFile) -> _Metadata:
    try:
        return read(image)
    except Exception:  # noqa: BLE001 - metadata breaks in every way, and a broken caption spoils no picture
        return _Metadata()


def _first(texts: Iterable[str]) -> str:
    lines = (clean_line(without_control_characters(text[:_LONGEST])) for text in texts)
    return next((line for line in lines if line and not is_noise(line.casefold())), "")


def is_noise(line: str) -> bool:
    return line in _NOISE or (line.endswith("digital camera") and len(line) < 40)


def _iptc(image: ImageFile.ImageFile) -> _Metadata:
    fields = getiptcinfo(image) or {}

    def field(number: tuple[int, int]) -> str:
        value = fields.get(number, b"")
        values = value if isinstance(value, list) else [value]
        is_utf8 = fields.get(_IPTC_CHARSET) == _IPTC_UTF8
        return ", ".join(_decoded(entry[:_LONGEST], is_utf8=is_utf8) for entry in values[:_MOST_TEXTS])

    return _Metadata(caption=field(_IPTC_CAPTION), byline=field(_IPTC_BYLINE), credit=field(_IPTC_CREDIT))


def _exif(image: ImageFile.ImageFile) -> _Metadata:
    exif = image.getexif()

    def field(tag: ExifTags.Base) -> str:
        # By its standard EXIF is ASCII, so Pillow reads Latin-1, but current programs write UTF-8.
        return _decoded(str(exif.get(tag, ""))[:_LONGEST].encode("latin-1", "replace"))

    return _Metadata(caption=field(ExifTags.Base.ImageDescription), byline=field(ExifTags.Base.Artist))


def _xmp(image: ImageFile.ImageFile) -> _Metadata:
    packet = image.info.get("xmp", b"")
    if len(packet) > _LONGEST_PACKET:
        return _Metadata()
    text = (packet if isinstance(packet, str) else packet.decode("utf-8")).strip("\0 \r\n\t\ufeff")
    texts = _texts(ElementTree.fromstring(text, forbid_dtd=True)) if text else {}
    return _Metadata(
        caption=_joined(texts.get(f"{_DC}description", [])[:1]),  # further ones are in other languages
        byline=_joined(texts.get(f"{_DC}creator", [])),
        credit=_joined(texts.get(f"{_PHOTOSHOP}Credit", [])[:1]),
        alt=_joined(texts.get(f"{_IPTC_CORE}AltTextAccessibility", [])[:1]),
    )


def _joined(texts: list[str]) -> str:
    return ", ".join(texts[:_MOST_TEXTS])


def _texts(root: Element) -> dict[str, list[str]]:
    """Return the texts of each property: of its list items, otherwise its own, otherwise of an attribute."""
    items, own, attributes = (defaultdict[str, list[str]](list) for _ in range(3))
    for element, property_name in _elements(root):
        text = (element.text or "").strip(" \t\r\n")  # as clean_line does
        if element.tag == f"{_RDF}Description":
            for name, value in element.items():
                attributes[name].append(value)
        elif text and property_name:
            (items if element.tag == f"{_RDF}li" else own)[property_name].append(text)
    return {**attributes, **own, **items}


def _elements(root: Element) -> Iterator[tuple[Element, str]]:
    """Yield each element with its property: itself or the nearest property around it.

    Raises ``ValueError`` if the packet is nested deeper, or has more elements, than cameras and agencies write.
    """
    waiting: list[tuple[Element, str, int]] = [(root, "", 0)]
    for _count in range(_MOST_ELEMENTS):
        if not waiting:
            return
        element, around, depth = waiting.pop()
        if depth > _DEEPEST:
            break
        property_name = around if element.tag.startswith(_RDF) else element.tag
        yield element, property_name
        waiting += [(child, property_name, depth + 1) for child in reversed(element)]
    raise ValueError("a packet of metadata that is too large or too deep")


def _decoded(value: bytes, *, is_utf8: bool = False) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8" if is_utf8 else "cp1252", "replace")
