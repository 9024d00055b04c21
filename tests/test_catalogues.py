"""Every sentence of pages and desk is translated into every language of the site."""

import ast
import gettext
import re
from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.translation import ngettext
from django.utils.translation.template import templatize

from tests.servers import ROOT
from updates.rendering.dates import full_day, short_date

CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
IN_TEMPLATE = re.compile(r"""\b(?:n?gettext|_)\(u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def python_sentences():
    for folder in ("updates", "liveblog"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(sentence)), *_rest]):
                        if name in CALLS and sentence:
                            yield sentence


def template_sentences():
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.xml")]:
        for sentence in IN_TEMPLATE.findall(templatize(path.read_text())):
            yield ast.literal_eval(sentence)


LANGUAGES = sorted(path.parts[-3] for path in ROOT.glob("locale/*/LC_MESSAGES/django.po"))

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z]+\}|</?[a-z]+[^>]*>")
"""What is filled in, and tags: the same in each translation."""


def catalogue_of(language):
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


def without_context(message):
    """Return the words of a message: a format of dates has a context and other letters in each language."""
    return message.partition("\x04")[2] or message


def placeholders(sentence):
    return sorted(PLACEHOLDER.findall(sentence))


def test_every_language_of_the_settings_has_a_catalogue(settings):
    assert [code for code, _name in settings.LANGUAGES if code != "en"] == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language):
    known = {without_context(key[0] if isinstance(key, tuple) else key) for key in catalogue_of(language)}
    sentences = {*python_sentences(), *template_sentences()}
    assert len(sentences) > 800
    assert sorted(sentences - known) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_placeholders_and_tags(language):
    broken = []
    for key, translated in catalogue_of(language).items():
        message = key[0] if isinstance(key, tuple) else key
        if message.startswith("format of"):
            continue
        wanted = placeholders(without_context(message))
        if isinstance(key, tuple):  # a form for one thing may leave the number out
            is_kept = set(placeholders(translated)) <= set(wanted)
        else:
            is_kept = placeholders(translated) == wanted
        if message and not is_kept:
            broken.append((message, translated))
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_is_compiled_from_its_source_and_finished(language):
    source = (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").read_text()
    assert "#, fuzzy" not in source
    assert not re.search(r'^msgstr(?:\[\d\])? ""\n\n', source, re.M)
    messages = source.count("\nmsgid ") - 1
    assert len({key[0] if isinstance(key, tuple) else key for key in catalogue_of(language)}) == messages + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_are_written_in_the_language(language):
    day = datetime(2031, 3, 13, 14, 34, tzinfo=UTC)
    with translation.override(language):
        assert (full_day(day), short_date(day)) == DATES[language]


DATES = {
    "ar": ("الخميس 13 مارس 2031", "13 مارس 2031"),
    "de": ("Donnerstag, 13. März 2031", "13. März 2031"),
    "es": ("jueves 13 de marzo de 2031", "13 de marzo de 2031"),
    "fr": ("jeudi 13 mars 2031", "13 mars 2031"),
    "uk": ("Четвер, 13 березня 2031", "13 березня 2031"),
}


@pytest.mark.parametrize(("number", "words"), [(1, "1 запис"), (3, "3 записи"), (11, "11 записів"), (22, "22 записи")])
def test_plurals_of_a_language_with_three_forms(number, words):
    with translation.override("uk"):
        assert ngettext("%(n)s update", "%(n)s updates", number) % {"n": number} == words
