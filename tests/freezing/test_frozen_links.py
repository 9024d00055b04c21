"""Links of a frozen page."""

import pytest

from updates.freezing.links import Links

KNOWN = "abcdefghij"


@pytest.mark.parametrize(
    ("address", "target"),
    [
        (f"/storm/{KNOWN}/", f"#u{KNOWN}"),
        (f"/storm/#u{KNOWN}", f"#u{KNOWN}"),
        (f"https://live.example/storm/{KNOWN}/", f"#u{KNOWN}"),
        (f"#u{KNOWN}", f"#u{KNOWN}"),
        ("/storm/0000000000/", "https://live.example/storm/0000000000/"),
        (f"/flood/{KNOWN}/", f"https://live.example/flood/{KNOWN}/"),
        ("/corrections/", "https://live.example/corrections/"),
        ("https://other.example/a?b=1&amp;c=2", "https://other.example/a?b=1&amp;c=2"),
        ("pictures/a.jpg", "pictures/a.jpg"),
        ("mailto:desk@live.example", "mailto:desk@live.example"),
    ],
)
def test_each_link_leads_to_its_target(address, target, settings):
    settings.SITE_URL = "https://live.example"

    assert (
        Links("storm", {KNOWN}).local(f'<a class="x" href="{address}">a</a>') == f'<a class="x" href="{target}">a</a>'
    )


def test_without_site_url_no_link_leaves_for_the_file_system(settings):
    settings.SITE_URL = ""

    assert Links("storm", {KNOWN}).local('<a href="/corrections/">a</a>') == '<a href="#top">a</a>'


def test_words_that_look_like_a_link_stay():
    words = f'<p>Write href="/storm/{KNOWN}/" &lt;a href="/"&gt;</p>'

    assert Links("storm", {KNOWN}).local(words) == words
