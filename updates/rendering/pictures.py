"""A stored picture for a ``<picture>`` element."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.core.files.storage import default_storage

from updates.untyped import Context

MIDDLE = 960
"""Width for browsers without ``srcset``."""


def _public_address(name: str) -> str:
    return default_storage.url(name)


_address_of: ContextVar[Callable[[str], str]] = ContextVar("address_of", default=_public_address)
"""Gives the address of a public file by its name."""


@contextmanager
def pictures_at(address_of: Callable[[str], str]) -> Iterator[None]:
    """Give pictures other addresses: in pages that are not on the site."""
    token = _address_of.set(address_of)
    try:
        yield
    finally:
        _address_of.reset(token)


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
        src=_address_of.get()(middle["jpeg"]),
        small=_address_of.get()(sizes[0]["webp"]),
        large=_address_of.get()(sizes[-1]["jpeg"]),
        width=sizes[-1]["width"],
        height=sizes[-1]["height"],
        colour=spec["colour"],
    )


def _srcset(sizes: Iterable[Context], form: str) -> str:
    return ", ".join(f"{_address_of.get()(size[form])} {size['width']}w" for size in sizes)
