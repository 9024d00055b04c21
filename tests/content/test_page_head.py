"""Title and picture of a stranger's page, which may be anything."""

import time

import pytest

from updates.content.page_head import LONGEST_TITLE, PageHead, read_head

AT = "https://news.example/a/b"


@pytest.mark.parametrize(
    ("html", "title", "picture"),
    [
        ("<title>Gate holds</title>", "Gate holds", ""),
        ("<TITLE lang=en>\n Gate\n holds </TITLE>", "Gate holds", ""),
        ("<title>Site</title><meta property='og:title' content='Gate holds'>", "Gate holds", ""),
        ('<meta content="Gate &amp; &lt;b&gt;" property="og:title" />', "Gate & <b>", ""),
        ('<meta name=twitter:title content="Gate">', "Gate", ""),
        ('<meta property="og:title" content=""><title>Gate</title>', "Gate", ""),
        ('<meta property="og:title" content="One"><meta property="og:title" content="Two">', "One", ""),
        ('<meta property="og:image" content="/quay.jpg?a=1&amp;b=2">', "", "https://news.example/quay.jpg?a=1&b=2"),
        ('<meta property="og:image" content="https://[x">', "", ""),
        ('<meta property="og:image" content="file:///etc/passwd">', "", "file:///etc/passwd"),  # refused when fetched
        ("<title>\u202eGate\u0000\u200b</title>", "Gate", ""),
        ("<title>   </title>", "", ""),
        ("", "", ""),
        ("<meta property=og:title content='never closed", "", ""),
    ],
)
def test_title_and_picture_are_found(html, title, picture):
    assert read_head(html.encode(), AT) == PageHead(title, picture)


@pytest.mark.parametrize(
    ("body", "charset", "title"),
    [
        ("<title>Größe</title>".encode("latin-1"), "iso-8859-1", "Größe"),
        ("<meta charset=windows-1251><title>Шторм</title>".encode("cp1251"), "", "Шторм"),
        ("<title>嵐</title>".encode("shift_jis"), "Shift_JIS", "嵐"),
        ("<title>Größe</title>".encode(), "no-such-charset", "Größe"),
        ("<title>Größe</title>".encode(), "zlib_codec", "Größe"),
        ("<title>Größe</title>".encode(), "punycode", "Größe"),
        ("<title>Größe</title>".encode(), "IDNA", "Größe"),
        ("<title>Größe</title>".encode(), "unicode_escape", "Größe"),
        (b"<title>Gr\xf6\xdfe</title>", "", "Gr\ufffd\ufffde"),
    ],
)
def test_letters_are_read_as_the_page_says(body, charset, title):
    assert read_head(body, AT, charset).title == title


def test_a_long_title_is_cut():
    title = read_head(f"<title>{'Gate ' * 300}</title>".encode(), AT).title
    assert len(title) <= LONGEST_TITLE
    assert title.endswith("Gate…")


@pytest.mark.parametrize("piece", ["<meta ", "<meta a=", "<title>", "<title ", "<meta a='", "&amp;", "\x00", "<"])
def test_endless_pieces_of_markup_are_read_quickly(piece):
    body = (piece * 262_144)[:262_144].encode()
    start = time.process_time()
    read_head(body, AT)
    assert time.process_time() - start < 2
