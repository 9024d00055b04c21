"""Every title gives an address."""

import re

import pytest

from updates.content.slug import slug_of


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Storm Maren: the tide", "storm-maren-the-tide"),
        ("Łódź żółć", "lodz-zolc"),
        ("Straßen_Sperrung", "strassen-sperrung"),
        ("Шторм Марен в порту", "shtorm-maren-v-portu"),
        ("Μάρεν", "maren"),
        ("港口关闭", "gang-kou-guan-bi"),
        ("तूफान मारेन", "tuphan-maren"),
        ("العاصفة مارين", "lsfh-mryn"),
        ("…!?", "live-blog"),
        ("", "live-blog"),
        ("word " * 40, "-".join(["word"] * 16)),
        ("x" * 200, "x" * 80),
    ],
)
def test_title_of_any_script_becomes_an_address(title, slug):
    assert slug_of(title) == slug
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= 80
