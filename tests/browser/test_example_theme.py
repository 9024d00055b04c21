"""The theme that is shipped as an example: what it sets is what a browser draws, in light and dark."""

import hashlib
import json
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from tests.browser.conftest import picture_of
from tests.browser.page_checkers import in_scheme, violations_by_axe
from tests.browser.reader_page import connected
from tests.factories import make_event, post_many
from tests.servers import ROOT, collect_static, running_site

THEME = ROOT / "examples" / "theme-courier"
LOOK = """() => {
  const style = (selector) => getComputedStyle(document.querySelector(selector));
  return {
    paper: style("html").backgroundColor,
    ink: style("body").color,
    band: style("header.courier").backgroundColor,
    face: style("h1").fontFamily.split(",")[0].replaceAll('"', ""),
    corner: style("[data-share], .btn, .quiet").borderRadius,
    accent: style(".latest b").color,
  };
}"""
SCHEMES = {
    "light": {"paper": (252, 248, 241), "ink": (23, 35, 60), "band": (23, 35, 60), "accent": (10, 90, 168)},
    "dark": {"paper": (14, 22, 38), "ink": (237, 241, 250), "band": (6, 11, 21), "accent": (116, 183, 255)},
}


def collect_theme(static: Path) -> None:
    """Add the theme to collected files, as ``collectstatic`` does with ``SITE_DIR`` within a quarter of a minute."""
    content = (THEME / "static" / "css" / "theme.css").read_bytes()
    hashed = f"css/theme.{hashlib.md5(content, usedforsecurity=False).hexdigest()[:12]}.css"
    manifest = static / "staticfiles.json"
    names = json.loads(manifest.read_text())
    names["paths"]["css/theme.css"] = hashed
    manifest.write_text(json.dumps(names))
    for name in ("css/theme.css", hashed):
        (static / name).write_bytes(content)


@pytest.fixture(scope="module")
def courier(django_db_setup, tmp_path_factory):
    folder = tmp_path_factory.mktemp("courier")
    collect_static()
    shutil.copytree(settings.STATIC_ROOT, folder / "static")
    collect_theme(folder / "static")
    changed = {"SITE_DIR": str(THEME), "SITE_NAME": "The Courier", "SITE_NAVIGATION": "Live=/;News=/news/"}
    with running_site(folder / "site.log", **changed, DATA_DIR=str(folder)) as site:
        yield site


def rgb(text):
    return tuple(int(number) for number in text[text.index("(") + 1 : -1].split(",")[:3])


def pixel(page, x, y):
    return Image.open(BytesIO(page.screenshot())).convert("RGB").getpixel((x, y))


def test_the_theme_is_what_readers_see(open_page, courier, transactional_db):
    event = make_event(title="Storm Maren", standfirst="The coast waits.")
    post_many(event, 4)
    page = connected(open_page(f"{courier.url}/{event.slug}/"))
    for scheme, width in [("light", 390), ("dark", 1280)]:
        page.set_viewport_size({"width": width, "height": 900})
        assert_looks(in_scheme(page, scheme), scheme, width)


def assert_looks(page, scheme, width):
    page.evaluate("scrollTo(0, 0)")
    look, expected = page.evaluate(LOOK), SCHEMES[scheme]
    assert {name: rgb(look[name]) for name in expected} == expected
    assert (look["face"], look["corner"]) == ("Avenir Next", "12px")
    assert pixel(page, 3, 3) == expected["band"]
    assert page.get_by_role("banner").inner_text().split("\n") == ["THE COURIER", "Live", "News"]
    picture_of(page, f"courier-{scheme}-{width}")
    assert [(rule["id"], node["html"]) for rule in violations_by_axe(page) for node in rule["nodes"]] == []
    page.evaluate("scrollTo(0, 400)")
    assert pixel(page, 2, 500) == expected["paper"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
