"""What a photographer wrote into a picture: offered to the correspondent, then stripped with all other metadata."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

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

# Cameras sign every picture with these.
_NOISE = frozenset({"olympus digital camera", "sony dsc", "digital camera", "dcim", "default"})


@dataclass(frozen=True)
class Caption:
    caption: str = ""
    credit: str = ""
    alt: str = ""


@dataclass(frozen=True)
class _Found:
    caption: str = ""
    byline: str = ""
    credit: str = ""
    alt: str = ""


def read_caption(image: ImageFile.ImageFile) -> Caption:
    """From IPTC, XMP and EXIF, the first that says something; empty where there is nothing legible."""
    sources = [_legible(read, image) for read in (_iptc, _xmp, _exif)]
    byline, credit = _first(found.byline for found in sources), _first(found.credit for found in sources)
    signed = credit if byline.casefold() in credit.casefold() else "/".join(filter(None, (byline, credit)))
    return Caption(
        caption=truncate(_first(found.caption for found in sources), CAPTION_LENGTH),
        credit=truncate(signed, CREDIT_LENGTH),
        alt=truncate(_first(found.alt for found in sources), ALT_LENGTH),
    )


def _legible(read: Callable[[ImageFile.ImageFile], _Found], image: ImageFile.ImageFile) -> _Found:
    try:
        return read(image)
    except Exception:  # noqa: BLE001 - metadata breaks in every way, and a broken caption spoils no picture
        return _Found()


def _first(texts: Iterable[str]) -> str:
    lines = (clean_line(without_control_characters(text)) for text in texts)
    return next((line for line in lines if line and line.casefold() not in _NOISE), "")


def _iptc(image: ImageFile.ImageFile) -> _Found:
    fields = getiptcinfo(image) or {}

    def field(number: tuple[int, int]) -> str:
        value = fields.get(number, b"")
        values = value if isinstance(value, list) else [value]
        return ", ".join(_decoded(entry, is_utf8=fields.get(_IPTC_CHARSET) == _IPTC_UTF8) for entry in values)

    return _Found(caption=field(_IPTC_CAPTION), byline=field(_IPTC_BYLINE), credit=field(_IPTC_CREDIT))


def _exif(image: ImageFile.ImageFile) -> _Found:
    exif = image.getexif()

    def field(tag: ExifTags.Base) -> str:
        # EXIF is ASCII by its letter, so Pillow reads Latin-1; what writes into it today writes UTF-8.
        return _decoded(str(exif.get(tag, "")).encode("latin-1", "replace"))

    return _Found(caption=field(ExifTags.Base.ImageDescription), byline=field(ExifTags.Base.Artist))


def _xmp(image: ImageFile.ImageFile) -> _Found:
    packet = image.info.get("xmp", b"")
    text = (packet if isinstance(packet, str) else packet.decode("utf-8")).strip("\0 \r\n\t\ufeff")
    if not text or "<!" in text:  # a document type could declare entities that unfold without end
        return _Found()
    root = ET.fromstring(text)  # noqa: S314 - no document type, no entities: see above

    def field(name: str) -> str:
        items = [item.text or "" for found in root.iter(name) for item in found.iter(f"{_RDF}li")]
        plain = [found.text or "" for found in root.iter(name)]
        attributes = [found.get(name, "") for found in root.iter(f"{_RDF}Description")]
        return next((value for value in (*items, *attributes, *plain) if value.strip()), "")

    return _Found(
        caption=field(f"{_DC}description"),
        byline=field(f"{_DC}creator"),
        credit=field(f"{_PHOTOSHOP}Credit"),
        alt=field(f"{_IPTC_CORE}AltTextAccessibility"),
    )


def _decoded(value: bytes, *, is_utf8: bool = False) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8" if is_utf8 else "cp1252", "replace")
