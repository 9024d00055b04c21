"""Converts an upload's pixels to those of an original: upright, in sRGB, no larger than needed, without metadata."""

import logging
from collections.abc import Callable
from io import BytesIO
from math import ceil, floor

from PIL import ExifTags, Image, ImageCms, ImageFile

from .picture_limits import MASTER_SIDE, READABLE_WIDTH

logger = logging.getLogger(__name__)

_STRIP = 128  # rows that are scaled at a time
_SRGB = ImageCms.createProfile("sRGB")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_SIDEWAYS = {
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_270,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_90,
}


def unpack(image: ImageFile.ImageFile) -> None:
    """Decode a JPEG at a half or a quarter of its size if that is large enough."""
    if image.format in ("JPEG", "MPO"):
        image.draft(None, _fitting_as_it_lies(image))
    image.load()


def prepared(image: ImageFile.ImageFile) -> Image.Image:
    """Return the picture as RGB, or RGBA if it has transparency. Closes the upload to free its memory."""
    profile, turn = image.info.get("icc_profile"), _turn(image)
    picture = _scaled(image, _fitting_as_it_lies(image))
    image.close()
    picture = _in_srgb(picture, profile)
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    if turn is not None:
        picture = picture.transpose(turn)
    picture.info = {}
    return picture


def fitting(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size of the original."""
    readable = READABLE_WIDTH / size[0] if size[0] >= READABLE_WIDTH else 0.0
    share = min(1.0, max(MASTER_SIDE / max(size), readable))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _fitting_as_it_lies(image: Image.Image) -> tuple[int, int]:
    """Return the size of the original before it is turned upright, since only its upright width must be readable."""
    if _turn(image) not in _SIDEWAYS:
        return fitting(image.size)
    width, height = fitting((image.height, image.width))
    return height, width


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Convert and scale in strips, because each step would otherwise copy the whole of a large picture."""
    plain = _plain_mode(image)
    if image.size == size:
        return plain(image).copy()
    picture = Image.new(plain(image.crop((0, 0, 1, 1))).mode, size)
    rows = image.height / size[1]
    margin = ceil(2 * max(rows, 1.0))  # bicubic scaling uses two target pixels on either side
    for top in range(0, size[1], _STRIP):
        bottom = min(top + _STRIP, size[1])
        start, end = max(0, floor(top * rows) - margin), min(image.height, ceil(bottom * rows) + margin)
        strip = plain(image.crop((0, start, image.width, end)))
        box = (0, top * rows - start, strip.width, min(bottom * rows - start, strip.height))
        picture.paste(strip.resize((size[0], bottom - top), Image.Resampling.BICUBIC, box=box), (0, top))
    return picture


def _plain_mode(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """Convert to L, RGB, RGBA or CMYK in 8 bits, which scaling and colour conversion support."""
    if image.mode.startswith("I") and image.getextrema()[1] > 255:  # type: ignore[operator]
        # Pillow cuts 16 bits off at 255, which turns a picture white. (Some hold 8-bit values in 16 bits.)
        return lambda part: part.point(lambda value: value * (1 / 256)).convert("L")
    mode = "RGBA" if image.has_transparency_data else image.mode if image.mode in ("L", "CMYK") else "RGB"
    return lambda part: part if part.mode == mode else part.convert(mode)


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception as error:  # noqa: BLE001 - EXIF breaks in every way; then the picture stays as it lies
        logger.info("An orientation could not be read: %r", error)
        return None


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if not ImageCms.getProfileDescription(source).startswith("sRGB"):
                converted = ImageCms.profileToProfile(picture, source, _SRGB, outputMode=mode)
                return converted or picture
        except (ImageCms.PyCMSError, OSError, ValueError) as error:  # a picture with a broken profile is kept as it is
            logger.info("A colour profile could not be used: %r", error)
    return picture if picture.mode == mode else picture.convert(mode)
