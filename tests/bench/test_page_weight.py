"""What a reader's browser really loads, from a real server."""

import gzip
import re

import pytest

from tests.factories import make_event
from tests.servers import ROOT
from updates.bench.events import content
from updates.bench.weight import weigh
from updates.publishing import publish

pytestmark = pytest.mark.django_db(transaction=True)

IMPORTED = re.compile(r'\bimport\("\./([\w-]+)\.([0-9a-f]{12})\.js"\)')
READERS_SCRIPT = ROOT / "static" / "bundles" / "reader.js"


def test_event_page_of_twenty_updates_is_light(site):
    event = make_event(page_size=20)
    author = event.assignments.get().user
    for number in range(20):
        publish(event.pk, content(number), author)

    weight = weigh(site.url + event.get_absolute_url())

    assert weight.js < 11 * 1024  # by brotli, with the hashes in the names of the modules that it loads later
    assert weight.css < 14_000
    assert weight.total < 35_000
    assert min(weight.html, weight.css, weight.js) > 2_000  # else it was not found


def test_the_readers_script_is_light_without_brotli():
    assert 2_000 < len(gzip.compress(READERS_SCRIPT.read_bytes(), compresslevel=9)) < 12_000


def test_the_page_has_one_script_and_what_it_imports_later_is_there_under_hashed_names(site):
    page = site.get(make_event().get_absolute_url())
    [script] = re.findall(r'<script type="module" src="([^"]+)"', page)
    bundles = {"reader": site.get(script)}
    folder = script.rpartition("/")[0]
    missing = dict(IMPORTED.findall(bundles["reader"]))
    while missing:
        name, version = missing.popitem()
        bundles[name] = site.get(f"{folder}/{name}.{version}.js")
        missing |= {more: at for more, at in IMPORTED.findall(bundles[name]) if more not in bundles}

    assert {"clock", "click_actions", "load_more", "lightbox"} <= set(bundles)
    built = {file.stem for file in READERS_SCRIPT.parent.glob("*.js")}
    assert set(bundles) == built - {
        "front",
        "no_ads",
        "embed",
        "frame-height",
        "live-blog",
    }  # every lazily loaded module was found by its hashed name
    for text in bundles.values():
        assert 'from"' not in text
        assert len(re.findall(r"\bimport\(", text)) == len(IMPORTED.findall(text))


def test_source_maps_are_found_beside_the_hashed_scripts(site):
    page = site.get(make_event().get_absolute_url())
    [script] = re.findall(r'<script type="module" src="([^"]+)"', page)
    address = re.search(r"^//# sourceMappingURL=(.+)$", site.get(script), re.MULTILINE)[1]
    assert '"../js/reader.js"' in site.get(f"{script.rpartition('/')[0]}/{address}")
    assert "customElements.define" in site.get("/static/js/reader.js")
