"""Recognises pictures in high dynamic range: shown like ordinary ones, they are pale and too dark."""

import re
from typing import Final

from PIL import ImageFile

HIGH: Final = {16, 18}
"""Transfer characteristics of PQ and HLG, as all formats number them (ITU-T H.273)."""

_HEAD: Final = 2**16
"""Bytes in which the boxes or chunks about colours stand, before the pixels."""

_AVIF: Final = re.compile(rb"colrnclx..(..)", re.DOTALL)
_PNG: Final = re.compile(rb"cICP.(.)", re.DOTALL)

_GAIN_MAP: Final = b"tmap"
"""Item with the colours of an HDR version, beside an ordinary picture."""


def is_high_dynamic_range(image: ImageFile.ImageFile, data: bytes) -> bool:
    """Return whether the pixels need a curve that is not applied. A picture with a profile is converted by that."""
    if image.info.get("icc_profile"):
        return False
    head = data[:_HEAD]
    match image.format:
        case "HEIF":
            profile = image.info.get("nclx_profile") or {}
            return profile.get("transfer_characteristics") in HIGH
        case "AVIF" if _GAIN_MAP not in head:
            curve = _AVIF.search(head)
        case "PNG":
            curve = _PNG.search(head.partition(b"IDAT")[0])
        case _:
            return False
    return curve is not None and int.from_bytes(curve[1], "big") in HIGH
