"""Limits of pictures that both the server and its decoding process know."""

from typing import Final

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_PIXELS: Final = 50_000_000
"""Of JPEG and HEIC, which phones and cameras make."""

MAX_DRAWN_PIXELS: Final = 25_000_000
"""Of other formats, which have to be unpacked whole, in up to 16 bytes for a pixel."""

LARGEST_RATIO: Final = 20
"""Longer side to shorter side: more is a line and no picture. Panoramas of phones have up to 14."""

RENDITION_WIDTHS: Final = (1600, 960, 480)

MASTER_SIDE: Final = 3200
"""Pixels; the longer side of an original that we keep."""

READABLE_WIDTH: Final = 800
"""Pixels; where the upload has them, an original keeps them, so that a tall screenshot can still be read."""

LONGEST_SIDE: Final = LARGEST_RATIO * READABLE_WIDTH
"""Pixels of an original. WebP holds no more than 16,383."""
