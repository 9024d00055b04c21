"""Answers of the process that decodes pictures. They are validated, because it has decoded bytes from strangers."""

from typing import Literal

from pydantic import BaseModel, Field

from .picture_limits import LONGEST_SIDE, RENDITION_WIDTHS


class Read(BaseModel):
    """What was read of an upload."""

    width: int = Field(gt=0, le=LONGEST_SIDE)
    height: int = Field(gt=0, le=LONGEST_SIDE)
    format: Literal["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF"]
    colour: str = Field(pattern="^#[0-9a-f]{6}$")
    caption: str = Field(max_length=1000)
    credit: str = Field(max_length=200)
    alt: str = Field(max_length=500)
    extension: Literal["jpg", "webp"]
    bare: Literal["", "jpg", "webp"]


class Size(BaseModel):
    width: int = Field(gt=0, le=max(RENDITION_WIDTHS))
    height: int = Field(gt=0)


class Sizes(BaseModel):
    sizes: list[Size] = Field(max_length=len(RENDITION_WIDTHS))
