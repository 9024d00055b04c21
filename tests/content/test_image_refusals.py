from io import BytesIO
from zlib import crc32

import pytest
from django.core.exceptions import ValidationError
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.content.pictures import drawn, saved
from tests.content.unpacking import read_apart
from updates.content import picture_file
from updates.content.images import read_image
from updates.content.picture_file import Refusal
from updates.content.picture_limits import MAX_BYTES


def refusal(data):
    with pytest.raises(ValidationError) as refused:
        read_image(BytesIO(data))
    return refused.value.messages[0]


def refusal_here(data):
    """Refuse in this process, where the decoder's lines can be counted."""
    with pytest.raises(Refusal) as refused:
        picture_file.read(data)
    return refused.value.code


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "PDF", "ICO", "PPM", "JPEG2000"])
def test_other_formats_are_refused_by_name(kind):
    assert "JPEG, PNG, WebP, AVIF, HEIC or still GIF" in refusal(saved(drawn(), kind))


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%!PS-Adobe", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_picture_is_refused(data):
    assert refusal_here(data) == "not_a_picture"
    assert "JPEG, PNG, WebP, AVIF, HEIC or still GIF" in refusal(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_half_a_file_is_refused(kind, share):
    noise = Image.effect_noise((200, 150), 80).convert("RGB")
    data = saved(noise, kind)
    half = data[: int(len(data) * share)]
    assert refusal(half)
    assert refusal_here(half) in {"damaged", "not_a_picture"}


@pytest.mark.parametrize("curve", [16, 18], ids=["PQ", "HLG"])
@pytest.mark.parametrize("kind", ["HEIF", "AVIF", "PNG"])
def test_high_dynamic_range_is_refused_in_words(kind, curve):
    assert "The picture is in HDR" in refusal(coloured(kind, curve))
    assert read_image(BytesIO(coloured(kind, 13))).width, "the curve of sRGB"


def coloured(kind, curve):
    """A picture whose file names the curve of its brightness, as cameras write it."""
    match kind:
        case "HEIF":
            return saved(drawn(), kind, save_nclx_profile=True, color_primaries=9, transfer_characteristics=curve,
                         matrix_coefficients=9, full_range_flag=1)  # fmt: skip
        case "AVIF":
            data = saved(drawn(), kind)
            place = data.index(b"colrnclx") + 10
            return data[:place] + curve.to_bytes(2, "big") + data[place + 2 :]
    content = b"cICP" + bytes([9, curve, 0, 1])
    chunk = (4).to_bytes(4, "big") + content + crc32(content).to_bytes(4, "big")
    data = saved(drawn(), kind)
    return data[:33] + chunk + data[33:]


def test_a_file_that_is_too_large_is_refused():
    assert "20 MB" in refusal(saved(drawn(), "JPEG") + b"\0" * MAX_BYTES)


def test_text_that_unfolds_in_a_png_is_refused():
    text = PngInfo()
    for number in range(30):
        text.add_text(f"key{number}", "a" * 1_000_000, zip=True)
    assert "damaged" in refusal(saved(drawn(), "PNG", pnginfo=text))


PACKED = {"WEBP": {"lossless": True, "quality": 0, "method": 0}, "JPEG": {"quality": 5}}


@pytest.mark.parametrize(("kind", "side"), [("PNG", 12_000), ("WEBP", 8_000), ("WEBP", 6_000), ("JPEG", 8_000)])
@pytest.mark.long
def test_a_bomb_is_refused_before_it_is_unfolded(kind, side):
    bomb = saved(Image.new("1", (side, side)).convert("L" if kind == "JPEG" else "1"), kind, **PACKED.get(kind, {}))
    reason, kilobytes = read_apart(bomb)
    assert reason == "too_many_pixels"
    assert kilobytes < 10_000


def too_many_pixels(data):
    try:
        picture_file.read(data)
    except Refusal as refusal:
        return refusal.code == "too_many_pixels"
    return False


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("HEIF", "RGB")])
def test_photos_may_have_fifty_megapixels(monkeypatch, kind, mode):
    monkeypatch.setattr(picture_file, "MAX_PIXELS", 100 * 100)
    monkeypatch.setattr(picture_file, "MAX_DRAWN_PIXELS", 10 * 10)
    assert not too_many_pixels(saved(drawn(100, 100, mode), kind))
    assert too_many_pixels(saved(drawn(101, 100, mode), kind))


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "P"), ("WEBP", "RGB"), ("AVIF", "RGB"), ("HEIF", "RGBA")]
)
def test_what_must_be_unpacked_whole_may_have_half_as_many(monkeypatch, kind, mode):
    monkeypatch.setattr(picture_file, "MAX_DRAWN_PIXELS", 100 * 100)
    assert not too_many_pixels(saved(drawn(100, 100, mode), kind))
    assert too_many_pixels(saved(drawn(101, 100, mode), kind))


def test_too_many_pixels_are_refused_with_the_most_there_may_be():
    assert "50 megapixels for JPEG and HEIC, 25 for" in refusal(saved(Image.new("1", (12_000, 12_000)), "PNG"))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animated_picture_is_refused_and_a_still_one_is_taken(kind):
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue")]
    moving = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert "animated" in refusal(moving)
    assert refusal_here(moving) == "animated"
    assert read_image(BytesIO(saved(frames[0], kind))).width == 30


@pytest.mark.parametrize("size", [(1, 6000), (9000, 1), (100, 2100)])
def test_a_picture_as_thin_as_a_line_is_refused(size):
    thin = saved(Image.new("RGB", size), "PNG")
    assert "more than 20 times as long" in refusal(thin)
    assert refusal_here(thin) == "too_narrow"
