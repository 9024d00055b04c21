import struct

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.content.pictures import drawn, read_twice, saved
from tests.samples import sample
from updates.content.images import Picture

XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" photoshop:Credit="Reuters">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">A ferry in the harbour</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>Jana Müller</rdf:li></rdf:Seq></dc:creator>
<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li>A white ship</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def read(**metadata) -> Picture:
    return read_twice(saved(drawn(), "JPEG", **metadata))


def iptc(*fields):
    """A JPEG with the block that agencies write: ``(dataset, number, value)`` each."""
    block = b"".join(struct.pack(">BBBH", 0x1C, record, number, len(value)) + value for record, number, value in fields)
    block += b"\0" * (len(block) % 2)
    resource = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(block)) + block
    segment = b"Photoshop 3.0\0" + resource
    jpeg = saved(drawn(), "JPEG")
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


def texts(picture):
    return (picture.caption, picture.credit, picture.alt)


def test_a_picture_without_words_has_none():
    assert texts(read()) == ("", "", "")


def test_iptc_fills_in_caption_and_credit():
    data = iptc((2, 80, b"Jane Doe"), (2, 110, b"Reuters"), (2, 120, b"A ferry\r\nin the harbour"))
    assert texts(read_twice(data)) == ("A ferry in the harbour", "Jane Doe/Reuters", "")


def test_a_credit_that_names_the_byline_says_it_once():
    data = iptc((2, 80, b"Jane Doe"), (2, 110, b"JANE DOE/Reuters"))
    assert read_twice(data).credit == "JANE DOE/Reuters"


@pytest.mark.parametrize("value", ["Zürich".encode(), "Zürich".encode("cp1252")])
def test_iptc_is_read_in_the_encodings_that_occur(value):
    assert read_twice(iptc((2, 120, value))).caption == "Zürich"


def test_xmp_fills_in_all_three():
    assert texts(read(xmp=XMP.encode())) == ("A ferry in the harbour", "Jana Müller/Reuters", "A white ship")


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "HEIF"])
def test_xmp_is_read_from_other_formats(kind):
    picture = read_twice(saved(drawn(), kind, xmp=XMP.encode()))
    assert texts(picture) == ("A ferry in the harbour", "Jana Müller/Reuters", "A white ship")


def test_xmp_is_read_from_the_text_of_a_png():
    text = PngInfo()
    text.add_itxt("XML:com.adobe.xmp", XMP)
    assert texts(read_twice(saved(drawn(), "PNG", pnginfo=text)))[0] == "A ferry in the harbour"


def test_exif_comes_last():
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = "From the camera", "Photographer"
    assert texts(read(exif=exif)) == ("From the camera", "Photographer", "")
    assert texts(read(exif=exif, xmp=XMP.encode()))[0] == "A ferry in the harbour"


def test_what_cameras_sign_by_themselves_is_no_caption():
    exif = Image.Exif()
    exif[0x010E] = "OLYMPUS DIGITAL CAMERA         "
    assert read(exif=exif).caption == ""


def test_xmp_that_declares_entities_is_not_read():
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + XMP.replace("A ferry", "&b;")
    assert texts(read(xmp=bomb.encode())) == ("", "", "")


@pytest.mark.parametrize("xmp", [b"", b"<not xml", b"\xff\xfe\x00", b"\0" * 50])
def test_broken_metadata_spoils_no_picture(xmp):
    assert read(xmp=xmp or b" ").width == 120


def test_words_lose_what_no_page_can_carry_and_fit_their_fields():
    data = iptc((2, 120, b"bell\x07 " + b"word " * 400), (2, 110, b"c" * 300))
    picture = read_twice(data)
    assert picture.caption.startswith("bell word word")
    assert (len(picture.caption) <= 1000, picture.caption[-1], len(picture.credit)) == (True, "…", 200)


def test_markup_in_metadata_is_just_text():
    assert read_twice(iptc((2, 120, b"<script>alert(1)</script>"))).caption == "<script>alert(1)</script>"


def test_the_hostile_sample_gives_no_words():
    data = sample("images/patt_onclick-xss-ecs.jpeg").read_bytes()
    assert texts(read_twice(data)) == ("", "", "")


def test_all_who_made_a_picture_are_named():
    two = XMP.replace("<rdf:li>Jana Müller</rdf:li>", "<rdf:li>Jana Müller</rdf:li><rdf:li>Noor Hadad</rdf:li>")
    assert read(xmp=two.encode()).credit == "Jana Müller, Noor Hadad/Reuters"
    both = read_twice(iptc((2, 80, b"Jana Muller"), (2, 80, b"Noor Hadad")))
    assert both.credit == "Jana Muller, Noor Hadad"
