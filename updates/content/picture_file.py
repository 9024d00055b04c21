"""Checks a picture's file, rotates it upright, converts it to sRGB, removes all metadata and scales it.

Runs only in the worker process (``image_worker``). The result is written anew from the pixels, so nothing else of the
upload is stored: no position, no serial number, no appended script.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

import pillow_heif
from PIL import AvifImagePlugin, Image, ImageFile, PngImagePlugin, UnidentifiedImageError

from .captions import read_caption
from .dynamic_range import is_high_dynamic_range
from .picture_limits import LARGEST_RATIO, MAX_DRAWN_PIXELS, MAX_PIXELS, RENDITION_WIDTHS
from .pixels import fitting, prepared, unpack

FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF")
PREVIEW_SIDE: Final = 480

# Method 4 makes files 3 % smaller than 2 and takes twice as long.
_WEBP = {"quality": 80, "method": 2}
_JPEG = {"quality": 82, "progressive": True, "optimize": True}
_MASTER_JPEG = {"quality": 90}
# Lossless WebP rather than PNG: a third smaller, written in half the time, and read by all we use.
_MASTER_LOSSLESS = {"lossless": True, "quality": 0, "method": 0}

_ABOUT_PIXELS = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background", "timestamp", "duration"}
"""Keys of Pillow's ``info`` that are no metadata."""

_JFIF_HEADER = 14  # bytes without a thumbnail

# Formats are known to Image.open only once their plugins are loaded. Embedded thumbnails stay unread: they
# may show what was cropped away. A bomb is an error and not, as Pillow has it, a line in the log; nor may
# text in a PNG unfold to the 64 MB that Pillow allows. Threads of decoders would each reserve address space.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
pillow_heif.options.DECODE_THREADS = 1
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
Image.init()
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
PngImagePlugin.MAX_TEXT_MEMORY = 4 * 1024 * 1024


class Refusal(Exception):
    """The file cannot be used; ``code`` is a key of ``images.REASONS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Made:
    """Result of a job: values for JSON, and files."""

    values: dict[str, object]
    files: list[bytes] = field(default_factory=list)


def read(data: bytes) -> Made:
    """Make the original from an upload. It is the only file of the result."""
    image = _open(data)
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    bare = _bare_extension(image, data)
    try:
        unpack(image)
        caption, upright = read_caption(image), prepared(image)
    except MemoryError:
        raise
    except Exception as error:  # a decoder given hostile bytes raises whatever it likes
        raise Refusal("damaged") from error
    lossless = kind in ("PNG", "GIF") or upright.mode == "RGBA"
    values = {
        "width": upright.width,
        "height": upright.height,
        "format": kind,
        "colour": _average(upright),
        "caption": caption.caption,
        "credit": caption.credit,
        "alt": caption.alt,
        "extension": "webp" if lossless else "jpg",
        "bare": bare,
    }
    return Made(values, [_saved(upright, lossless=lossless)])


def sizes(original: bytes) -> Made:
    """Make the public sizes of an original, widest first, each as WebP and JPEG."""
    scaled = list(_scaled(original))
    values = [{"width": picture.width, "height": picture.height} for picture, _webp, _jpeg in scaled]
    return Made({"sizes": values}, [file for _picture, webp, jpeg in scaled for file in (webp, jpeg)])


def preview(original: bytes) -> Made:
    """Make a small JPEG of an original."""
    small = BytesIO()
    with Image.open(BytesIO(original), formats=("JPEG", "WEBP")) as picture:
        picture.draft(None, (PREVIEW_SIDE, PREVIEW_SIDE))
        picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        _on_white(picture).save(small, "JPEG", **_JPEG)
    return Made({}, [small.getvalue()])


def _open(data: bytes) -> ImageFile.ImageFile:
    """Read the header only, so that a small file with a huge picture takes no memory."""
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal("too_many_pixels") from error
    except UnidentifiedImageError as error:
        raise Refusal("not_a_picture") from error
    except MemoryError:
        raise
    except Exception as error:
        raise Refusal("damaged") from error
    _check(image, data)
    return image


def _check(image: ImageFile.ImageFile, data: bytes) -> None:
    """Refuse by the header what cannot be shown."""
    if image.width * image.height > _most_pixels(image):
        raise Refusal("too_many_pixels")
    if max(image.size) > LARGEST_RATIO * min(image.size):
        raise Refusal("too_narrow")
    if _is_animated(image):
        raise Refusal("animated")
    if is_high_dynamic_range(image, data):
        raise Refusal("hdr")


def _most_pixels(image: ImageFile.ImageFile) -> int:
    """Return the allowed number of pixels: more for JPEG, which can be decoded at half its size, and for HEIC, which
    phones create. Other formats are used for drawings and screenshots, and take more memory.
    """
    is_photo = image.format in ("JPEG", "MPO") or (image.format == "HEIF" and "A" not in image.mode)
    return MAX_PIXELS if is_photo else MAX_DRAWN_PIXELS


def _is_animated(image: ImageFile.ImageFile) -> bool:
    """Return whether the file is an animation. Several pictures in a JPEG or HEIC are a burst or a gain map."""
    if image.format in ("JPEG", "MPO", "HEIF"):
        return False
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception as error:
        raise Refusal("damaged") from error


def _bare_extension(image: ImageFile.ImageFile, data: bytes) -> str:
    """Return the extension of a file that contains only pixels, as originals do; "" for any other file."""
    if image.mode not in {"RGB", "RGBA"} or fitting(image.size) != image.size or image.info.keys() - _ABOUT_PIXELS:
        return ""
    if image.format == "JPEG":
        return "jpg" if _is_bare_jpeg(image, data) else ""
    return "webp" if image.format == "WEBP" and _is_bare_webp(data) else ""


def _is_bare_jpeg(image: ImageFile.ImageFile, data: bytes) -> bool:
    """Return whether there is one header without a thumbnail, and nothing after the first end of an image."""
    headers = getattr(image, "applist", ())
    is_plain = all(name == "APP0" and len(content) <= _JFIF_HEADER for name, content in headers)
    return is_plain and data.find(b"\xff\xd9") == len(data) - 2


def _is_bare_webp(data: bytes) -> bool:
    """Return whether the only chunk has the pixels."""
    length = int.from_bytes(data[16:20], "little")
    return data[12:16] in {b"VP8 ", b"VP8L"} and len(data) == 20 + length + length % 2


def _saved(picture: Image.Image, *, lossless: bool) -> bytes:
    file = BytesIO()
    if lossless:
        picture.save(file, "WEBP", **_MASTER_LOSSLESS)
    else:
        picture.save(file, "JPEG", **_MASTER_JPEG)
    return file.getvalue()


def _average(picture: Image.Image) -> str:
    """Return the colour that is shown until the picture has loaded."""
    pixel = _on_white(picture.resize((1, 1), Image.Resampling.BOX)).getpixel((0, 0))
    return "#" + bytes(pixel).hex()  # type: ignore[arg-type]


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _scaled(original: bytes) -> Iterator[tuple[Image.Image, bytes, bytes]]:
    """Scale each size from the next larger one, which is much less work than scaling from the original."""
    picture: Image.Image = Image.open(BytesIO(original), formats=("JPEG", "WEBP"))
    full_width, full_height = picture.size
    widths = {min(width, full_width) for width in RENDITION_WIDTHS}
    if isinstance(picture, ImageFile.ImageFile):
        picture.draft(None, (max(widths), round(full_height * max(widths) / full_width)))
    for width in sorted(widths, reverse=True):
        height = max(1, round(full_height * width / full_width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
        webp, jpeg = BytesIO(), BytesIO()
        picture.save(webp, "WEBP", **_WEBP)
        _on_white(picture).save(jpeg, "JPEG", **_JPEG)
        yield picture, webp.getvalue(), jpeg.getvalue()
