import re

import pytest
from django.utils import translation

from tests.servers import ROOT
from updates.rendering import live_strings
from updates.rendering.ads import places


def test_page_has_the_words_that_scripts_ask_for():
    code = "\n".join(path.read_text() for path in (ROOT / "static" / "js" / "page").glob("*.js"))
    used = set(re.findall(r'strings\.(?:get|plural)\(\s*"(\w+)"', code))
    assert used - live_strings().keys() == set()


def test_plural_has_a_form_for_each_category():
    with translation.override("en"):
        assert live_strings()["new_updates"] == {
            "zero": "{n} new updates",
            "one": "{n} new update",
            "two": "{n} new updates",
            "few": "{n} new updates",
            "many": "{n} new updates",
            "other": "{n} new updates",
        }


@pytest.mark.parametrize(
    ("entries", "after"), [(0, []), (2, []), (3, [2]), (6, [2]), (7, [2, 6]), (10, [2, 6]), (11, [2, 6, 10])]
)
def test_advertisements_stand_after_the_second_and_every_fourth_never_the_last(entries, after):
    assert places(entries) == after


def test_page_has_at_most_eight_advertisements():
    assert len(places(100)) == 8


def test_scripts_speak_arabic_where_the_event_does():
    with translation.override("ar"):
        words = live_strings()
    forms = [form for word in words.values() for form in (word.values() if isinstance(word, dict) else [word])]
    assert [one for one in forms if not re.search("[\u0600-\u06ff]", one)] == []
