"""Uploads in parts, private originals and public renditions of pictures."""

from .originals import add_picture, import_picture
from .renditions import sweep_renditions
from .uploads import PART_SIZE, QUOTA, Upload, save_part, sweep_uploads

__all__ = [
    "PART_SIZE",
    "QUOTA",
    "Upload",
    "add_picture",
    "import_picture",
    "save_part",
    "sweep_renditions",
    "sweep_uploads",
]
