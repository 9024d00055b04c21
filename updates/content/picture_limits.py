"""Limits of pictures, for the server and its decoding process."""

from typing import Final

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_PIXELS: Final = 50_000_000
"""Pixels of a JPEG or HEIC, which phones and cameras create."""

MAX_DRAWN_PIXELS: Final = 25_000_000
"""Pixels in other formats, which are decoded completely, with up to 16 bytes per pixel."""

LARGEST_RATIO: Final = 20
"""Highest ratio of the longer to the shorter side. Panoramas of phones have up to 14."""

RENDITION_WIDTHS: Final = (1600, 960, 480)

MASTER_SIDE: Final = 3200
"""Pixels of the longer side of an original."""

READABLE_WIDTH: Final = 800
"""Pixels of the shorter side that an original keeps if the upload has them, so that a tall screenshot is readable."""

LONGEST_SIDE: Final = LARGEST_RATIO * READABLE_WIDTH
"""Pixels of any side of an original. WebP allows at most 16,383."""
