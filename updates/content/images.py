"""Pictures from correspondents, decoded in a process of its own (``image_process``)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Final, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from updates.untyped import JSONObject

from .image_process import ORIGINALS, UPLOADS, Answer, Failed, ImageProcess
from .picture_limits import LARGEST_RATIO, MAX_BYTES, MAX_DRAWN_PIXELS, MAX_PIXELS

T = TypeVar("T")

logger = logging.getLogger(__name__)

REASONS: Final = {
    "animated": _(
        "The picture is animated. Choose a still picture or a video."
    ),
    "damaged": _("The picture is damaged or incomplete. Export it again."),
    "died": _("The picture could not be read with the time and memory available. Export it again as JPEG."),
    "hdr": _("The picture is in HDR, which pages cannot show as it is. Export it as JPEG without HDR."),
    "not_a_picture": _(
        "This file cannot be used as a picture. Choose a JPEG, PNG, WebP, AVIF, HEIC or still GIF file."
    ),
    "too_costly": _("The picture takes too much memory to read. Export it as a smaller JPEG."),
    "too_large": _("The picture is larger than %(limit)s MB. Export a smaller version."),
    "too_many_pixels": _(
        "The picture has too many pixels. The limit is %(photos)s megapixels for JPEG and HEIC, %(others)s for "
        "other formats. Export a smaller version."
    ),
    "too_narrow": _(
        "The picture is too narrow: more than %(ratio)s times as long as wide, or as wide as high. Crop it."
    ),
}  # fmt: skip

_LIMITS = {
    "limit": MAX_BYTES // 1024**2,
    "photos": MAX_PIXELS // 1_000_000,
    "others": MAX_DRAWN_PIXELS // 1_000_000,
    "ratio": LARGEST_RATIO,
}


@dataclass(frozen=True)
class Picture:
    """A decoded upload. ``master`` is the stored original; ``sha256`` is the hash of the upload, to recognise a picture
    that is sent twice. ``bare`` is the extension of an upload that contains only pixels, as originals do.
    """

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
    bare: str


@dataclass(frozen=True)
class RenditionData:
    width: int
    height: int
    webp: bytes
    jpeg: bytes


def read_image(file: IO[bytes]) -> Picture:
    """Decode an upload. Raises ``ValidationError`` with a reason for the sender, or ``Busy`` if too many wait."""
    from .image_answers import Read  # noqa: PLC0415 – with pydantic, which takes a tenth of each command's start

    data = _read(file)
    answer = _run(UPLOADS, "read", data)
    values = _trusted(Read.model_validate, answer)
    return Picture(**values.model_dump(), sha256=sha256(data).hexdigest(), master=answer.files[0])


def renditions(master: bytes) -> list[RenditionData]:
    """Scale an original to its public sizes, smallest first; none is wider than the picture itself."""
    from .image_answers import Sizes  # noqa: PLC0415 – as above

    answer = _run(ORIGINALS, "sizes", master)
    files = iter(answer.files)
    sizes = _trusted(Sizes.model_validate, answer).sizes
    made = [RenditionData(size.width, size.height, next(files), next(files)) for size in sizes]
    return sorted(made, key=lambda rendition: rendition.width)


def preview(master: bytes) -> bytes:
    """Make a small JPEG of an original, for those who may see a picture that is not public."""
    return _run(ORIGINALS, "preview", master).files[0]


def check_size(size: int) -> None:
    """Refuse a file by its length, before it has been received completely."""
    if size > MAX_BYTES:
        raise _refusal("too_large")


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    data = file.read(MAX_BYTES + 1)
    check_size(len(data))
    return data


def _run(process: ImageProcess, job: str, data: bytes) -> Answer:
    try:
        return process.run(job, data)
    except Failed as error:
        if error.code == "died":
            logger.warning("The decoder of pictures was ended by a file of %d bytes", len(data))
        raise _refusal(error.code) from error


def _trusted(validate: Callable[[JSONObject], T], answer: Answer) -> T:
    try:
        return validate(answer.values)
    except ValueError as error:  # of pydantic
        raise _refusal("damaged") from error


def _refusal(code: str) -> ValidationError:
    return ValidationError(REASONS.get(code, REASONS["damaged"]), code=code, params=_LIMITS)
