import pytest
import regex
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import sample_json
from updates.content.sanitize import clean_html, plain_text
from updates.content.text import LINES_LIMIT, check_text, clean_line, clean_lines, is_invisible, truncate

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize("text", ["a\0", "\ud83d", "\udc69x", "\x08", "\x1b[31m", "\x0b", "\ufffe", "\uffff"])
def test_what_no_feed_can_carry_is_refused(text):
    with pytest.raises(ValidationError, match=r"U\+[0-9A-F]{4}"):
        check_text(text)


@pytest.mark.parametrize(
    "text", [FAMILY, "שלום\u200f!", "می\u200cخواهم", "\u202eabc\u202c", "e\u0301", "é", "a\x85b", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
)
def test_what_writers_need_is_kept_to_the_byte(text):
    assert clean_line(text) == text
    assert plain_text(clean_html(text)) == text


def test_a_line_has_no_line_breaks():
    assert clean_line("  Ferry \r\n\r\n  late\t") == "Ferry late"


def test_text_of_several_lines_keeps_its_line_breaks():
    assert clean_lines("\r\n a\r\nb\rc\n") == "a\nb\nc"


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\u200b", "\u2060\ufeff", "\u3000", "\u3164", "\u200e", "\u2800"])
def test_a_line_that_shows_nothing_is_empty(text):
    assert is_invisible(text)
    assert clean_line(text) == ""
    assert clean_lines(text) == ""


def test_truncate_leaves_a_short_text_alone():
    assert truncate("abc", 3) == "abc"


def test_truncate_counts_the_ellipsis():
    assert truncate("abcdef", 4) == "abc…"


def test_truncate_drops_the_space_before_the_ellipsis():
    assert truncate("one two", 5) == "one…"


def test_truncate_does_not_divide_a_family():
    assert truncate(f"a{FAMILY}b", 5) == "a…"


def test_truncate_does_not_divide_a_flag():
    assert truncate("🇩🇪🇫🇷", 3) == "🇩🇪…"


@given(st.text(), st.integers(1, 20))
def test_truncate_keeps_whole_clusters_within_the_length(text, length):
    short = truncate(text, length)
    start = text if short == text else short.removesuffix("…")
    assert len(short) <= length
    assert text.startswith(start)
    assert len(start) in {0, *(cluster.end() for cluster in regex.finditer(r"\X", text))}


def in_one_line(text):
    return " ".join(text.strip("\r\n").splitlines()) if "\n" in text else text


def test_odd_strings_stay_as_they_are_but_for_line_breaks_and_control_characters():
    changed, refused = {}, []
    for item in sample_json("odd-strings.json")["strings"]:
        try:
            line = clean_line(item["s"])
        except ValidationError:
            refused.append(item["id"])
            continue
        if line != in_one_line(item["s"]):
            changed[item["id"]] = (item["s"], line)
    assert changed == {}
    assert refused == ["u0536"]  # backspaces and bells


def test_odd_strings_survive_as_the_text_of_an_entry():
    changed = {}
    for item in sample_json("odd-strings.json")["strings"]:
        text = item["s"]
        try:
            html = clean_html(text.replace("&", "&amp;").replace("<", "&lt;"))
        except ValidationError:
            continue
        if plain_text(html) != in_one_line(text):
            changed[item["id"]] = (text, html)
    assert changed == {}


def test_no_cut_divides_what_unicode_counts_as_one():
    divided = {}
    for item in sample_json("odd-strings.json")["strings"]:
        text, clusters = item["s"], item.get("clusters")
        if clusters != 1:
            continue
        for length in range(1, len(text) + 3):
            short = truncate(f"{text}{text}", length).removesuffix("…")
            if short not in ("", text, f"{text}{text}"):
                divided[item["id"]] = short
    assert divided == {}


def test_plain_text_of_many_lines_has_a_limit():
    assert clean_lines("a" * LINES_LIMIT) == "a" * LINES_LIMIT
    with pytest.raises(ValidationError, match="too long"):
        clean_lines("a" * (LINES_LIMIT + 1))
