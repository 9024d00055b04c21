"""A stored picture for a ``<picture>`` element."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.storage import default_storage

from updates.untyped import Context

MIDDLE = 960
"""Width for browsers without ``srcset``."""


@dataclass(frozen=True)
class Picture:
    webp: str
    jpeg: str
    """Value of ``srcset`` for each format."""
    src: str
    small: str
    """The smallest rendition, for portraits."""
    large: str
    width: int
    height: int
    """Size of the large rendition."""
    colour: str


def picture(spec: Context | None) -> Picture | None:
    """Return ``None`` if there is no picture or none of its renditions is public."""
    if not spec:
        return None
    if address := spec.get("at_desk"):  # preview of a picture that is not public yet
        alone = f"{address} {spec['width']}w"
        return Picture(alone, alone, address, address, address, spec["width"], spec["height"], spec["colour"])
    if not spec["renditions"]:
        return None
    sizes = sorted(spec["renditions"], key=lambda size: size["width"])
    middle = next((size for size in sizes if size["width"] >= MIDDLE), sizes[-1])
    return Picture(
        webp=_srcset(sizes, "webp"),
        jpeg=_srcset(sizes, "jpeg"),
        src=default_storage.url(middle["jpeg"]),
        small=default_storage.url(sizes[0]["webp"]),
        large=default_storage.url(sizes[-1]["jpeg"]),
        width=sizes[-1]["width"],
        height=sizes[-1]["height"],
        colour=spec["colour"],
    )


def _srcset(sizes: Iterable[Context], form: str) -> str:
    return ", ".join(f"{default_storage.url(size[form])} {size['width']}w" for size in sizes)
