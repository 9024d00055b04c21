"""Pictures from correspondents: checked, turned upright, converted to sRGB and stripped of all metadata.

The file that comes out is always written by us, pixel by pixel: nothing of the upload but its picture reaches
the disk, so no position, no serial number, no trailing script.
"""

import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, PngImagePlugin, UnidentifiedImageError
from pillow_heif import register_heif_opener

from .captions import Caption, read_caption
from .image_queue import MASTERS, UPLOADS
from .pixels import prepared, unpack

logger = logging.getLogger(__name__)

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000  # of what phones and cameras make
MAX_DRAWN_PIXELS = 25_000_000  # of what has to be unpacked whole, in up to 16 bytes for a pixel
RENDITION_WIDTHS = (1600, 960, 480)
PREVIEW_SIDE = 480

# Method 4 makes files 3 % smaller than 2 and takes twice as long.
_WEBP = {"quality": 80, "method": 2}
_JPEG = {"quality": 82, "progressive": True, "optimize": True}
_MASTER_JPEG = {"quality": 90}
# Lossless WebP rather than PNG: a third smaller, written in half the time, and read by all we use.
_MASTER_LOSSLESS = {"lossless": True, "quality": 0, "method": 0}

# Formats are known to Image.open only once their plugins are loaded. Embedded thumbnails stay unread: they
# may show what was cropped away. A bomb is an error and not, as Pillow has it, a line in the log; nor may
# text in a PNG unfold to the 64 MB that Pillow allows.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
Image.init()
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
PngImagePlugin.MAX_TEXT_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True)
class Picture:
    """``master`` is what we keep; ``sha256`` is that of the upload, to recognise a picture sent twice."""

    width: int
    height: int
    format: str
    colour: str
    caption: str
    credit: str
    alt: str
    sha256: str
    master: bytes
    extension: str


@dataclass(frozen=True)
class RenditionData:
    width: int
    height: int
    webp: bytes
    jpeg: bytes


def read_image(file: IO[bytes]) -> Picture:
    """Read an upload. ``ValidationError`` says to the correspondent why a file cannot be used.

    One at a time in a process; it is ``Busy`` where too many wait already.
    """
    return UPLOADS.run(_picture, _read(file))


def renditions(master: bytes) -> list[RenditionData]:
    """The public sizes of a master, smallest first; none is wider than the picture itself."""
    return sorted(MASTERS.run(_all_scaled, master), key=lambda rendition: rendition.width)


def preview(master: bytes) -> bytes:
    """A small JPEG of a master, for who may see a picture that is not public."""
    return MASTERS.run(_small, master)


def check_size(size: int) -> None:
    """Refuse a file by its length alone, before it is all here."""
    if size > MAX_BYTES:
        raise ValidationError(
            _("The picture is larger than %(limit)s MB. Please export it smaller."),
            code="too_large",
            params={"limit": MAX_BYTES // 1024**2},
        )


def _picture(data: bytes) -> Picture:
    kind, caption, upright = _decoded(data)
    is_lossless = kind == "PNG" or upright.mode == "RGBA"
    master = BytesIO()
    if is_lossless:
        upright.save(master, "WEBP", **_MASTER_LOSSLESS)
    else:
        upright.save(master, "JPEG", **_MASTER_JPEG)
    return Picture(
        width=upright.width,
        height=upright.height,
        format=kind,
        colour=_average(upright),
        caption=caption.caption,
        credit=caption.credit,
        alt=caption.alt,
        sha256=sha256(data).hexdigest(),
        master=master.getvalue(),
        extension="webp" if is_lossless else "jpg",
    )


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    data = file.read(MAX_BYTES + 1)
    check_size(len(data))
    return data


def _open(data: bytes) -> ImageFile.ImageFile:
    """Read the header and nothing more, so that a small file with a huge picture costs nothing."""
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise ValidationError(
            _("This is not a picture that can be used. Please send a JPEG, PNG, WebP, AVIF or HEIC file."),
            code="not_a_picture",
        ) from error
    except Exception as error:
        raise _damaged() from error
    if image.width * image.height > _most_pixels(image):
        raise _too_many_pixels()
    return image


def _most_pixels(image: ImageFile.ImageFile) -> int:
    """JPEG unpacks at half its size, and phones make HEIC; other formats hold drawings and screens, and cost more."""
    is_photo = image.format in ("JPEG", "MPO") or (image.format == "HEIF" and "A" not in image.mode)
    return MAX_PIXELS if is_photo else MAX_DRAWN_PIXELS


def _decoded(data: bytes) -> tuple[str, Caption, Image.Image]:
    """Nothing of the upload but this is left in memory."""
    image = _open(data)
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    try:
        unpack(image)
        return kind, read_caption(image), prepared(image)
    except Exception as error:
        # A decoder given hostile bytes raises whatever it likes; to the correspondent it is one thing.
        logger.info("A picture could not be decoded: %r", error)
        raise _damaged() from error


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _(
            "The picture has too many pixels: the most are %(photos)s megapixels in JPEG and HEIC, %(others)s in "
            "other formats. Please export it smaller."
        ),
        code="too_many_pixels",
        params={"photos": MAX_PIXELS // 1_000_000, "others": MAX_DRAWN_PIXELS // 1_000_000},
    )


def _damaged() -> ValidationError:
    return ValidationError(_("The picture is damaged or incomplete. Please export it again."), code="damaged")


def _average(picture: Image.Image) -> str:
    """The colour that holds the picture's place until it is there."""
    pixel = _on_white(picture.resize((1, 1), Image.Resampling.BOX)).getpixel((0, 0))
    return "#" + bytes(pixel).hex()  # type: ignore[arg-type]


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _small(master: bytes) -> bytes:
    small = BytesIO()
    with Image.open(BytesIO(master), formats=("JPEG", "WEBP")) as picture:
        picture.draft(None, (PREVIEW_SIDE, PREVIEW_SIDE))
        picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        _on_white(picture).save(small, "JPEG", **_JPEG)
    return small.getvalue()


def _all_scaled(master: bytes) -> list[RenditionData]:
    return list(_scaled(master))


def _scaled(master: bytes) -> Iterator[RenditionData]:
    """Each size from the next larger one, which is a fraction of the work of scaling from the master."""
    picture: Image.Image = Image.open(BytesIO(master), formats=("JPEG", "WEBP"))
    full_width, full_height = picture.size
    sizes = {min(width, full_width) for width in RENDITION_WIDTHS}
    if isinstance(picture, ImageFile.ImageFile):
        picture.draft(None, (max(sizes), round(full_height * max(sizes) / full_width)))
    for width in sorted(sizes, reverse=True):
        height = max(1, round(full_height * width / full_width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
        webp, jpeg = BytesIO(), BytesIO()
        picture.save(webp, "WEBP", **_WEBP)
        _on_white(picture).save(jpeg, "JPEG", **_JPEG)
        yield RenditionData(width, height, webp.getvalue(), jpeg.getvalue())
