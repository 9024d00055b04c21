import hashlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, ImageOps

from tests.content.pictures import BLUE, GREEN, RED, WHITE, corners, drawn, is_near, opened, read_twice, saved
from tests.samples import sample, sample_json
from updates.content import picture_file
from updates.content.images import preview, read_image, renditions
from updates.content.pixels import fitting

UPRIGHT = [GREEN, GREEN, RED, BLUE]
METADATA = {"exif", "icc_profile", "xmp", "photoshop", "comment", "adobe_xmp", "iptc"}


def read(data):
    return read_image(BytesIO(data))


def looks_like(picture, colours):
    return all(is_near(colour, expected) for colour, expected in zip(corners(picture), colours, strict=True))


def metadata(data):
    picture = opened(data)
    return set(picture.info) & METADATA | {f"exif {tag}" for tag in picture.getexif()}


@pytest.mark.parametrize(
    ("kind", "options", "extension"),
    [
        ("JPEG", {"quality": 95}, "jpg"),
        ("PNG", {}, "webp"),
        ("WEBP", {"quality": 95}, "jpg"),
        ("AVIF", {"quality": 95}, "jpg"),
        ("HEIF", {"quality": 95}, "jpg"),
        ("GIF", {}, "webp"),
    ],
)
def test_each_format_is_read(kind, options, extension):
    data = saved(drawn(), kind, **options)

    picture = read_twice(data)

    assert (picture.width, picture.height, picture.format, picture.extension) == (120, 80, kind, extension)
    assert picture.sha256 == hashlib.sha256(data).hexdigest()
    assert looks_like(opened(picture.master), UPRIGHT)
    assert opened(picture.master).mode == "RGB"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    # Turning the picture back and forth: stored as a camera would that was held like this.
    inverse = {6: 8, 8: 6}.get(orientation, orientation)
    lying = drawn()
    lying.getexif()[0x0112] = inverse
    lying = ImageOps.exif_transpose(lying)

    picture = read_twice(saved(lying, "JPEG", quality=95, exif=exif))

    assert (picture.width, picture.height) == (120, 80)
    assert looks_like(opened(picture.master), UPRIGHT)


def test_no_metadata_leaves_with_a_picture():
    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
    data = saved(drawn(600, 400), "JPEG", exif=exif, comment=b"taken at home", xmp=b"<x:xmpmeta/>", icc_profile=p3())
    assert metadata(data) >= {"exif", "icc_profile", "exif 34853"}

    picture = read_twice(data)

    served = [file for size in renditions(picture.master) for file in (size.webp, size.jpeg)]
    assert [metadata(file) for file in (picture.master, *served)] == [set()] * 5
    assert not any(
        word in file for file in (picture.master, *served) for word in (b"Camera maker", b"at home", b"Exif")
    )


def test_what_follows_the_picture_in_the_file_is_gone():
    picture = read(saved(drawn(), "PNG") + b"<script>alert(1)</script>")
    assert b"<script>" not in picture.master


def p3():
    """A profile other than sRGB, whose numbers mean other colours."""
    lab = ImageCms.createProfile("LAB")
    return ImageCms.ImageCmsProfile(lab).tobytes()


def test_colours_are_converted_to_srgb():
    # The same numbers in a profile whose red and blue are swapped must come out swapped.
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tmpZ").replace(b"bXYZ", b"rXYZ").replace(b"tmpZ", b"bXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))

    picture = read_twice(saved(Image.new("RGB", (40, 40), (255, 0, 0)), "PNG", icc_profile=swapped))

    assert is_near(opened(picture.master).getpixel((20, 20)), (0, 0, 255))


def test_a_broken_or_foreign_profile_is_left_out():
    for profile in (b"no profile at all", p3()):
        picture = read_twice(saved(drawn(), "PNG", icc_profile=profile))
        assert looks_like(opened(picture.master), UPRIGHT)


def test_cmyk_becomes_rgb_without_inverting():
    picture = read_twice(saved(drawn(mode="CMYK"), "JPEG", quality=95))
    assert opened(picture.master).mode == "RGB"
    assert looks_like(opened(picture.master), UPRIGHT)


def test_sixteen_bits_become_eight():
    deep = Image.new("I;16", (60, 60), 30000)
    picture = read_twice(saved(deep, "PNG"))
    assert is_near(opened(picture.master).getpixel((30, 30)), (117, 117, 117))


@pytest.mark.parametrize("mode", ["1", "L"])
def test_grey_stays_grey(mode):
    picture = read_twice(saved(Image.new(mode, (20, 20), "white"), "PNG"))
    assert (picture.colour, opened(picture.master).mode) == ("#ffffff", "RGB")


def test_alpha_is_kept_in_the_master_and_white_in_the_jpeg():
    clear = drawn(mode="RGBA")
    clear.paste((0, 0, 0, 0), (0, 40, 120, 80))

    picture = read_twice(saved(clear, "PNG"))
    [size] = renditions(picture.master)

    assert opened(picture.master).getpixel((60, 70))[3] == 0
    assert opened(size.webp).getpixel((60, 70))[3] == 0
    assert is_near(opened(size.jpeg).getpixel((60, 70)), WHITE)


def test_a_palette_with_a_transparent_colour_keeps_it():
    drawing = drawn().quantize(4)
    clear = drawing.getpixel((10, 70))
    picture = read_twice(saved(drawing, "PNG", transparency=clear))
    assert (picture.extension, opened(picture.master).getpixel((10, 70))[3]) == ("webp", 0)


def test_alpha_that_hides_nothing_is_dropped():
    assert opened(read_twice(saved(drawn(mode="RGBA"), "PNG")).master).mode == "RGB"


def test_the_placeholder_is_the_average_over_white():
    half = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    half.paste((0, 0, 0, 255), (0, 0, 20, 40))
    assert read_twice(saved(half, "PNG")).colour in ("#7f7f7f", "#808080")


@pytest.mark.parametrize(("width", "height"), [(4000, 300), (300, 4000), (7000, 3500)])
def test_a_large_picture_is_scaled_down(width, height):
    picture = read(saved(drawn(width, height), "JPEG"))
    assert max(picture.width, picture.height) == 3200
    assert opened(picture.master).size == (picture.width, picture.height)
    assert abs(picture.width * height - picture.height * width) <= max(width, height)


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (3200, [480, 960, 1600]),
        (1600, [480, 960, 1600]),
        (1200, [480, 960, 1200]),
        (480, [480]),
        (300, [300]),
        (1, [1]),
    ],
)
def test_renditions_are_never_wider_than_the_picture(width, widths):
    sizes = renditions(read(saved(drawn(width, width // 2 or 1), "JPEG")).master)
    assert [size.width for size in sizes] == widths
    assert [size.height for size in sizes] == [max(1, round(each / 2)) for each in widths]


def test_renditions_show_the_picture_in_both_formats():
    master = read(saved(drawn(2000, 1000), "JPEG", quality=95)).master
    assert len(picture_file.sizes(master).files) == 6
    assert opened(picture_file.preview(master).files[0]).size == opened(preview(master)).size
    for size in renditions(master):
        for file, kind in ((size.webp, "WEBP"), (size.jpeg, "JPEG")):
            picture = opened(file)
            assert (picture.format, picture.size) == (kind, (size.width, size.height))
            assert looks_like(picture, UPRIGHT)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow warns of broken EXIF
def test_sample_files_are_treated_as_their_manifest_expects():
    surprises = {}
    for entry in sample_json("images/manifest.json")["files"]:
        data, expected = sample(f"images/{entry['file']}").read_bytes(), entry["expect"]
        try:
            picture = read(data)
            outcome = "accept"
            served = [file for size in renditions(picture.master) for file in (size.webp, size.jpeg)]
            left = [metadata(file) for file in (picture.master, *served)]
            outcome += "" if not any(left) else f" with {left}"
        except ValidationError:
            outcome = "refuse"
        if not (expected.startswith(outcome) or "never 500" in expected):
            surprises[entry["file"]] = (outcome, expected)
    assert surprises == {}


def test_the_turned_sample_stands_upright():
    picture = opened(read(sample("images/hopper_orientation_6.jpg").read_bytes()).master)
    upright = ImageOps.exif_transpose(Image.open(sample("images/hopper_orientation_6.jpg")))
    assert is_near(picture.resize((1, 1)).getpixel((0, 0)), upright.resize((1, 1)).getpixel((0, 0)))
    assert is_near(picture.getpixel((20, 20)), upright.getpixel((20, 20)), 25)


def test_the_cmyk_sample_is_red_on_black():
    pixels = opened(read(sample("images/pil_sample_cmyk.jpg").read_bytes()).master)
    assert is_near(pixels.getpixel((3, 1)), (254, 10, 20), 25)
    assert is_near(pixels.getpixel((90, 90)), (0, 0, 0), 20)


@pytest.mark.parametrize("name", ["i_trns.png", "l_trns.png"])
def test_the_grey_samples_show_black_and_white(name):
    low, high = opened(read(sample(f"images/{name}").read_bytes()).master).convert("L").getextrema()
    assert low < 30
    assert high > 225


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1_080, 16_000), (800, 11_852)),
        ((1_000, 20_000), (800, 16_000)),
        ((12_000, 700), (3_200, 187)),
        ((4_000, 6_000), (2_133, 3_200)),
    ],
)
def test_tall_pictures_keep_a_width_that_can_be_read(size, expected):
    assert fitting(size) == expected
    assert fitting(expected) == expected


POSITION = b"GPSP" + (8).to_bytes(4, "little") + b"52.5,13."
"""A chunk of WebP that no decoder knows."""

WITH_MORE = {
    "behind a JPEG": ("JPEG", lambda file: file + POSITION),
    "a thumbnail": ("JPEG", lambda file: file[:20] + b"\xff\xe0\0\x16JFXX\0\x13" + bytes(14) + file[20:]),
    "behind a WebP": ("WEBP", lambda file: file + POSITION),
    "a chunk": ("WEBP", lambda file: b"RIFF" + (len(file) + 8).to_bytes(4, "little") + file[8:] + POSITION),
}


@pytest.mark.parametrize("place", WITH_MORE)
def test_a_file_with_more_than_pixels_is_not_taken_byte_for_byte(place):
    """As imports take originals. What decoders pass over may be a position or what was cropped away."""
    form, add = WITH_MORE[place]
    file = saved(drawn(), form)

    assert read(file).bare == {"JPEG": "jpg", "WEBP": "webp"}[form]
    assert read(add(file)).bare == ""


def test_a_tall_picture_that_lies_on_its_side_is_kept_as_wide_as_one_that_stands():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    standing = read(saved(drawn(1000, 8000), "JPEG"))
    lying = read(saved(drawn(8000, 1000), "JPEG", exif=exif))

    assert (lying.width, lying.height) == (standing.width, standing.height) == (800, 6400)
