"""What unpacking a large picture costs. docs/decisions/0020 has the figures of each format."""

import pytest
from PIL import Image

from tests.content.pictures import saved
from tests.content.unpacking import read_apart


def photo():
    return saved(Image.new("RGB", (8000, 6000), (90, 120, 30)), "JPEG")


def drawing():
    picture = Image.new("P", (5000, 5000), 3)
    picture.putpalette([90, 120, 30] * 256)
    return saved(picture, "PNG", transparency=7)


@pytest.mark.parametrize(
    ("picture", "size", "megabytes"),
    [
        pytest.param(photo, "3200 2400", 110, id="48 megapixels in JPEG are unpacked at half their size"),
        pytest.param(drawing, "3200 3200", 170, id="25 megapixels in PNG never have four bytes a pixel all at once"),
    ],
)
@pytest.mark.long
def test_a_large_picture_is_not_copied_whole(picture, size, megabytes):
    outcome, kilobytes = read_apart(picture())
    assert outcome == size
    assert kilobytes < megabytes * 1000
