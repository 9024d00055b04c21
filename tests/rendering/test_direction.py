"""Paragraphs are laid out in the direction of the event, unless most of their letters say otherwise."""

import pytest
from django.utils import translation

from tests.factories import make_event, post
from tests.markup import parse
from updates import publishing
from updates.publishing import EntryContent, QuoteContent, TextContent
from updates.rendering import draw_entry
from updates.rendering.direction import direction, with_directions
from updates.templatetags.directions import lines_with_directions


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "BBC: آخر تطورات العاصفة", "rtl"),
        ("ar", "F-16 تحطمت قرب الميناء.", "rtl"),
        ("ar", "“5G” في الميناء", "rtl"),
        ("ar", "Reuters reported: the gate is shut.", "ltr"),
        ("ar", "2031", "rtl"),
        ("ar", "", "rtl"),
        ("en", "محمد صلاح scores twice as Liverpool win 3-1 (full time)", "ltr"),
        ("en", "שלום world of words", "ltr"),
        ("en", "عنوان عربي عادي (BBC)", "rtl"),
        ("en", "2031", "ltr"),
        ("en", "", "ltr"),
    ],
)
def test_direction_is_the_languages_unless_most_letters_say_otherwise(language, text, expected):
    with translation.override(language):
        assert direction(text) == expected


def test_each_paragraph_and_item_has_its_own():
    html = (
        "<p>COP31: القمة تبدأ اليوم.</p><p>Reuters: <strong>shut</strong></p><ul><li><p>الطريق A12 مغلق</p></li></ul>"
    )
    with translation.override("ar"):
        assert with_directions(html) == html.replace("<p>Reuters", '<p dir="ltr">Reuters')


@pytest.mark.django_db
def test_arabic_event_is_laid_out_from_the_right_where_a_latin_word_comes_first():
    event = make_event(language="ar", time_zone="Asia/Riyadh", title="BBC: آخر تطورات العاصفة")
    content = EntryContent(
        "UNESCO تعلن إغلاق الميناء (حتى 18:00)!",
        (TextContent("<p>GPS لا يعمل</p>"), QuoteContent("F-16 تحطمت قرب الميناء.", "CNN العربية")),
    )
    entry = publishing.publish(event.pk, content, event.assignments.get().user).entry

    article = parse(draw_entry(entry))

    assert {name: article.one(name)["dir"] for name in ("h2", "blockquote", "footer")} == dict.fromkeys(
        ("h2", "blockquote", "footer"), "rtl"
    )
    assert "dir" not in article.one(cls="text").one("p")


@pytest.mark.django_db
def test_english_headline_that_begins_with_an_arabic_name_is_laid_out_from_the_left():
    entry = post(make_event(), "محمد صلاح scores twice as Liverpool win 3-1")

    assert parse(draw_entry(entry)).one("h2")["dir"] == "ltr"


def test_each_line_of_a_quote_has_its_own():
    quote = "البوابة <صامدة> أمام الموجة\nReuters: shut & dry\nحتى الآن"
    with translation.override("ar"):
        assert lines_with_directions(quote) == (
            'البوابة &lt;صامدة&gt; أمام الموجة<br><span dir="ltr">Reuters: shut &amp; dry</span><br>حتى الآن'
        )
