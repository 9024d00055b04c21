"""Every sentence of pages and desk has its Arabic."""

import ast
import gettext
import re

from django.utils.translation.template import templatize

from tests.servers import ROOT

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


def test_every_sentence_has_its_arabic():
    with (ROOT / "locale/ar/LC_MESSAGES/django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog
    known = {key[0] if isinstance(key, tuple) else key for key in catalogue}
    sentences = {*python_sentences(), *template_sentences()}
    assert len(sentences) > 800
    assert sorted(sentences - known) == []
