"""Share cards, drawn in a process of their own: the server's side of ``card_drawing``."""

import json
import logging
import struct
from hashlib import sha256
from typing import TypedDict

from .image_process import CARDS, Failed

logger = logging.getLogger(__name__)


class CardSpec(TypedDict, total=False):
    """What a card says; ``card_drawing.Card`` explains it."""

    site: str
    event: str
    state: str
    is_live: bool
    headline: str
    quote: str
    attribution: str
    time: str
    credit: str
    rtl: bool
    fonts: list[str]


def card_digest(spec: CardSpec, photo_name: str, release: str) -> str:
    """Return the digest of all that a card is made of."""
    return sha256(json.dumps([spec, photo_name, release], sort_keys=True).encode()).hexdigest()


def draw_card(spec: CardSpec, photo: bytes) -> bytes | None:
    """Return the card as JPEG, without its photo if that cannot be drawn; ``None`` if nothing can.

    Raises ``Busy`` if several are being drawn.
    """
    try:
        return _draw(spec, photo)
    except Failed:
        logger.exception("A share card could not be drawn")
    try:
        return _draw(spec | {"credit": ""}, b"") if photo else None
    except Failed:
        logger.exception("A share card could not be drawn, not even without its photo")
        return None


def _draw(spec: CardSpec, photo: bytes) -> bytes:
    described = json.dumps(spec).encode()
    return CARDS.run("card", struct.pack(">I", len(described)) + described + photo).files[0]
