"""Pictures cut to the three shapes that search engines ask for: their sizes, their names and the cutting itself."""

from io import BytesIO
from typing import Final

from PIL import Image

SHAPES: Final = {"16x9": (16, 9), "4x3": (4, 3), "1x1": (1, 1)}

_QUALITY: Final = 82


def crop_size(width: int, height: int, shape: str) -> tuple[int, int]:
    """Return the size of the largest part of a picture that has a shape, to the pixel."""
    across, down = SHAPES[shape]
    if width * down > height * across:
        return max(1, height * across // down), height
    return width, max(1, width * down // across)


def crop_name(jpeg: str, shape: str) -> str:
    """Return the name or address of a crop, from that of the JPEG that it is cut from."""
    return f"{jpeg.removesuffix('.jpg')}-{shape}.jpg"


def crop(jpeg: bytes, shape: str) -> bytes:
    """Cut the middle out of one of our own renditions."""
    with Image.open(BytesIO(jpeg), formats=["JPEG"]) as picture:
        width, height = crop_size(*picture.size, shape)
        left, top = (picture.width - width) // 2, (picture.height - height) // 2
        part = picture.crop((left, top, left + width, top + height))
    file = BytesIO()
    part.save(file, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return file.getvalue()
