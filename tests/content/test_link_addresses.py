"""Addresses of links, as typed or pasted, and where they lead readers."""

import pytest

from updates.content.links import meant_address, unwrapped
from updates.content.sanitize import clean_html

REL = 'rel="noopener noreferrer"'
SAFE = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fok.example%2Fx%3Fa%3D1&data=05%7C02%7Cines%40ellery.example%7C0&reserved=0"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://ok.example/x", "https://ok.example/x"),
        ("www.ok.example/x", "https://www.ok.example/x"),
        ("ok.example/x?a=1#b", "https://ok.example/x?a=1#b"),
        ("  ok.example ", "https://ok.example"),
        ("münchen.example/süd", "https://münchen.example/süd"),
        ("//ok.example/x", "https://ok.example/x"),
        ("tips@ellery.example", "mailto:tips@ellery.example"),
        ("mailto:tips@ellery.example", "mailto:tips@ellery.example"),
        ("tel:+49301234", "tel:+49301234"),
        ("/storm-maren/", "/storm-maren/"),
        ("/storm-maren/?page=2#top", "/storm-maren/?page=2#top"),
    ],
)
def test_a_link_leads_where_it_was_meant_to(typed, meant):
    assert meant_address(typed) == meant
    assert meant_address(meant) == meant
    assert clean_html(f'<p><a href="{typed}">x</a></p>') == f'<p><a href="{meant}" {REL}>x</a></p>'


def test_a_path_is_one_of_this_site(settings):
    settings.SITE_URL = "https://ellery.example"
    assert meant_address("/storm-maren/") == "https://ellery.example/storm-maren/"


@pytest.mark.parametrize(
    "typed",
    ["", "storm", "javascript:alert(1)", "java\nscript:alert(1)", "ftp://ok.example/", "#top", "?page=2", "//", "http:",
     "///x.example", "/\\x.example", "/a b", "ok.example\\@evil.example", "a@b", "@ok.example", "user@host/x",
     "https://", "1.5", "a..example", "data:text/html,x", "[ok.example"],
)  # fmt: skip
def test_what_is_no_address_leads_nowhere(typed):
    assert meant_address(typed) == ""


def test_of_a_link_that_no_browser_reads_the_words_are_left():
    """IDNA forbids this host: letters of both directions in one label."""
    html = clean_html('<p><strong>One</strong><a title="x > y" href="192.\ufb18100"><strong> two</strong></a></p>')
    assert html == "<p><strong>One two</strong></p>"


@pytest.mark.parametrize(
    ("wrapped", "inner"),
    [
        (SAFE, "https://ok.example/x?a=1"),
        ("https://urldefense.com/v3/__https://ok.example/x__;!!abc!def$", "https://ok.example/x"),
        ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fok.example%2F&usg=1", "https://ok.example/"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fok.example%2F&h=AT0", "https://ok.example/"),
        ("https://nam.safelinks.protection.outlook.com/?url=" + SAFE.replace("&", "%26"), "https://ok.example/x?a=1"),
        ("https://www.google.com/search?q=storm", "https://www.google.com/search?q=storm"),
        ("https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fx.example", None),
        ("https://eur01.safelinks.protection.outlook.com/?data=ines%40ellery.example", ""),
        ("https://eur01.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)", ""),
    ],
)
def test_a_wrapped_address_is_unwrapped(wrapped, inner):
    assert unwrapped(wrapped) == (wrapped if inner is None else inner)


def test_a_pasted_safelink_leaves_no_recipient_behind():
    html = clean_html(f'<p>See <a href="{SAFE}">{SAFE}</a> or {SAFE} .</p>')
    assert "ines" not in html
    assert "outlook" not in html
    assert html.count("https://ok.example/x?a=1") == 3


def test_a_wrapper_that_cannot_be_read_is_no_link():
    address = "https://eur01.safelinks.protection.outlook.com/?data=ines%40ellery.example"
    assert clean_html(f'<p><a href="{address}">the report</a></p>') == "<p>the report</p>"
