"""Pictures drawn for the tests."""

from io import BytesIO

from PIL import Image, ImageDraw
from pillow_heif import register_heif_opener

from updates.content import picture_file
from updates.content.images import Picture, read_image

register_heif_opener()

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 160, 60), (30, 60, 200), (255, 255, 255)


def drawn(width=120, height=80, mode="RGB"):
    """Red left, blue right, a green band on top: no turn or mirror of it looks the same."""
    picture = Image.new("RGB", (width, height), RED)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((width // 2, 0, width, height), fill=BLUE)
    if height >= 4:
        draw.rectangle((0, 0, width, height // 4 - 1), fill=GREEN)
    return picture.convert(mode)


def saved(picture, kind, **options):
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def opened(data):
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def read_twice(data: bytes) -> Picture:
    """Read a picture as the site does, and in this process too, where the decoder's lines can be counted."""
    picture = read_image(BytesIO(data))
    here = picture_file.read(data).values
    assert here == {name: getattr(picture, name) for name in here}
    return picture


def is_near(colour, expected, tolerance=12):
    return all(abs(one - other) <= tolerance for one, other in zip(colour, expected, strict=True))


def corners(picture):
    """Colours a little inside the four corners: top left, top right, bottom left, bottom right."""
    width, height = picture.size
    left, right, top, bottom = width // 8, width - width // 8, height // 8, height - height // 8
    return [picture.convert("RGB").getpixel(at) for at in ((left, top), (right, top), (left, bottom), (right, bottom))]
