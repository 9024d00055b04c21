"""Captions of films, from WebVTT and SubRip."""

import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from updates.content.webvtt import LONGEST, caption_lines, clean_captions

CUE = "00:00:01.000 --> 00:00:02.000"


def test_webvtt_keeps_times_places_and_plain_marks():
    file = (
        "\ufeffWEBVTT - The gate\nKind: captions\n\nNOTE for us\n\nSTYLE\n::cue { color: red }\n\n"
        "one\n00:01.5 --> 01:00:04.000 align:start position:10% colour:red\n<v Noor>It <i>holds</i> & we wait.\n"
    )
    assert clean_captions(file) == (
        "WEBVTT\n\n00:00:01.500 --> 01:00:04.000 align:start position:10%\n<v Noor>It <i>holds</i> &amp; we wait.\n"
    )


@pytest.mark.parametrize("head", ["WEBVTT", "WEBVTT - Gate\nKind: captions", "WEBVTT\nfirst", "WEBVTT a --> b"])
def test_a_cue_right_below_the_head_is_kept(head):
    assert clean_captions(f"{head}\n{CUE}\nEins\n\n{CUE}\nzwei") == f"WEBVTT\n\n{CUE}\nEins\n\n{CUE}\nzwei\n"
    with pytest.raises(ValidationError, match="Line 2 of the captions has no time"):
        clean_captions("WEBVTT\n0:1 --> 0:3\nx")


def test_subrip_becomes_webvtt():
    file = "1\n00:00:01,000 --> 00:00:02,000\n<font color=red>Eins</font>\nzwei\n\n2\n00:00:03,1 --> 0:0:4,0\nدرع"
    clean = f"WEBVTT\n\n{CUE}\nEins\nzwei\n\n00:00:03.100 --> 00:00:04.000\nدرع\n"
    assert clean_captions(file.replace("\n", "\r\n")) == clean


@pytest.mark.parametrize(
    ("words", "clean"),
    [
        ("<script>alert(1)</script> <img src=x onerror=y>", "alert(1)"),
        ("1 < 2 > 1 --> x", "1 &lt; 2 > 1 → x"),
        ("{\\an8}Above {\\i1}{now}", "Above {now}"),
        ("Word <00:01.500>by <c.red>word</c>", "Word by word"),
        ("a <", "a &lt;"),
        ("&lt;b&gt; &copy; &", "&lt;b&gt; &amp;copy; &amp;"),
        ("<c.red>red</c> <00:00:01.500>later", "red later"),
        ("a --<c>> b", "a → b"),
        ("a --{\\an8}> b", "a → b"),
    ],
)
def test_other_marks_are_left_out(words, clean):
    assert clean_captions(f"{CUE}\n{words}") == f"WEBVTT\n\n{CUE}\n{clean}\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Hello", "Line 1 of the captions has no time such as 00:00:01.000 --> 00:00:04.000."),
        (f"{CUE}\na\n\nb\nc\n{CUE}", "Line 4 of the captions has no time"),
        ("WEBVTT\n\n1\n0:1 --> 0:3\nx", "Line 4 of the captions has no time"),
        ("00:00:02.000 --> 00:00:02.000\nx", "Line 1 of the captions ends before it begins."),
        ("WEBVTT\n\nNOTE nothing", "These are not captions."),
        (f"{CUE}\n<i></i>", "These are not captions."),
        (f"{CUE}\n" + "x" * LONGEST, "The captions are too long"),
        ("0:0.0 --> 0:1.0\n&\n\n" * 5_000, "The captions are too long"),
        (f"{CUE}\nx\0", "invisible control character"),
    ],
)
def test_what_is_no_caption_is_refused_with_its_line(text, reason):
    with pytest.raises(ValidationError) as error:
        clean_captions(text)
    assert reason in error.value.messages[0]


@given(st.text(st.sampled_from("<>/vib&;: .,->\n\t01:n"), max_size=80))
def test_clean_captions_stay_as_they_are(words):
    try:
        clean = clean_captions(f"{CUE}\n{words}")
    except ValidationError:
        return
    assert clean_captions(clean) == clean
    assert all("<" not in line for line in caption_lines(clean))


def test_captions_are_read_in_linear_time():
    began = time.process_time()
    for text in ("<v " * 33_000, "&" * 99_000, "00:" * 33_000, "\n" * 99_000, "NOTE\n\n" * 16_000, "line:1 " * 14_000):
        for before in ("", f"{CUE}\n", CUE + " "):
            try:
                clean_captions(before + text)
            except ValidationError:
                continue
    assert time.process_time() - began < 5
