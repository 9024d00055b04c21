"""An event may have any language; the site's strings are in the nearest of its own."""

import pytest
from django.core.exceptions import ValidationError

from tests.factories import editor_of, make_event, post
from tests.pages import page
from updates.languages import canonical_language, check_language, is_right_to_left, language_of_strings
from updates.publishing import EventDetails, change_event


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("EN", "en"),
        ("pt_br", "pt-BR"),
        ("ZH-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("de-1996", "de-1996"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("de-DE-u-co-phonebk", "de-DE-u-co-phonebk"),
        ("en-x-GB-abcd", "en-x-gb-abcd"),
    ],
)
def test_tag_gets_its_usual_capitals(typed, tag):
    assert canonical_language(typed) == tag
    check_language(tag)


@pytest.mark.parametrize("tag", ["", "e", "English!", "en--GB", "en-", "-en", "ar;q=1", "x" * 36, "абв", "en\n"])
def test_what_is_no_tag_is_refused_with_examples(tag):
    with pytest.raises(ValidationError, match=r"not a language tag. Enter one such as en, pt-BR or zh-Hant"):
        check_language(tag)


@pytest.mark.parametrize(
    ("tag", "is_rtl"),
    [("ar-EG", True), ("he", True), ("ckb", True), ("uz-Arab", True), ("ks-Deva", False), ("ru", False), ("zh", False)],
)
def test_direction_follows_script_or_language(tag, is_rtl):
    assert is_right_to_left(tag) == is_rtl


@pytest.mark.parametrize(("tag", "strings"), [("ar-EG", "ar"), ("en-GB", "en"), ("ru", "en"), ("zh-Hant-TW", "en")])
def test_strings_are_in_the_nearest_language_of_the_site(tag, strings):
    assert language_of_strings(tag) == strings


@pytest.mark.django_db
def test_event_in_another_language_marks_which_texts_are_in_it(client):
    event = make_event(title="סערה", language="he", key_points=("<p>הנמל סגור</p>",))
    post(event, "השער החזיק", is_key=True, author=editor_of(event))

    tree = page(client, f"/{event.slug}/")

    html = tree.one("html")
    assert (html["lang"], html["dir"], tree.one("body")["lang"]) == ("he", "rtl", "en")
    assert tree.one("h1")["lang"] == "he"
    assert tree.one("article").one(cls="what")["lang"] == "he"
    assert tree.one(data_keys=True).one("ol")["lang"] == "he"
    card = page(client, "/").one("article")
    assert (card["lang"], card["dir"], card.one("h3").one("a")["lang"]) == ("en", "rtl", "he")


@pytest.mark.django_db
def test_event_in_a_language_of_the_site_repeats_it_nowhere(client):
    event = make_event(language="ar")
    post(event, "بوابة")
    tree = page(client, f"/{event.slug}/")
    assert [element.name for element in tree.walk() if "lang" in element] == ["html"]


@pytest.mark.django_db
def test_same_language_in_other_capitals_is_no_change():
    event = make_event(language="pt_br")
    assert event.language == "pt-BR"
    epoch = event.epoch
    assert change_event(event.pk, EventDetails(language="PT-br"), editor_of(event)).epoch == epoch


@pytest.mark.django_db
def test_event_without_an_address_takes_a_free_one_from_its_title():
    titles = ["Admin", "港口关闭", "港口关闭"]
    assert [make_event(title=title, slug="").slug for title in titles] == [
        "admin-2",
        "gang-kou-guan-bi",
        "gang-kou-guan-bi-2",
    ]
