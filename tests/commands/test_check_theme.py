"""``manage.py check_theme``, for whoever writes a theme."""

from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from tests.servers import ROOT

pytestmark = pytest.mark.once

PARTS = "templates/updates/site"
BASE = "templates/updates/base.html"


@pytest.fixture
def check(settings, tmp_path):
    """Check a folder with these files; returns its output."""

    def run(files, folder=tmp_path):
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        settings.SITE_DIR = folder
        [engine] = django_settings.TEMPLATES
        settings.TEMPLATES = [engine | {"DIRS": [folder / "templates", ROOT / "templates"]}]
        output = StringIO()
        try:
            call_command("check_theme", stdout=output, stderr=output)
        except CommandError as error:
            output.write(str(error))
        return output.getvalue()

    return run


def test_the_example_is_in_order(check):
    assert "in order" in check({}, ROOT / "examples" / "theme-courier")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"static/css/theme.css": ":root { --papper: red }"}, "theme.css: --papper is no token"),
        ({"static/css/theme.css": "@font-face { font-family: Gill; src: url(gill.woff2) }"}, "@font-face Gill: add"),
        ({f"{PARTS}/header.html": "{% if %}"}, "updates/site/header.html: it cannot be read"),
        ({f"{PARTS}/haeder.html": "<p>"}, "updates/site/haeder.html: it replaces no template"),
        ({BASE: "{% extends 'updates/base.html' %}{% block foot %}x{% endblock %}"}, "has a block foot"),
        ({f"{PARTS}/head.html": "<script>tag()</script>"}, "head.html: an inline <script> does not run"),
    ],
)  # fmt: skip
def test_each_problem_is_named_with_its_file(check, files, words):
    output = check(files)
    assert words in output
    assert "1 to mend" in output


@pytest.mark.parametrize(
    "files",
    [
        {
            f"{PARTS}/header.html": "{% include 'paper/logo.html' %}",
            "templates/paper/logo.html": "<b>P</b>",
        },
        {BASE: "{% extends 'updates/base.html' %}{% block site_end %}x{% endblock %}"},
        {f"{PARTS}/head.html": '<script nonce="{{ csp_nonce }}">t()</script><script src="a"></script>'},
        {"static/css/theme.css": "@font-face { font-family: Gill; src: url(gill.woff2); font-display: optional }"},
        {f"{PARTS}/end.html": '<script type="application/json">{}</script>'},
    ],
)
def test_what_is_right_is_not_complained_about(check, files):
    assert "in order" in check(files)


def test_without_a_folder_it_says_what_to_set(settings):
    with pytest.raises(CommandError, match="SITE_DIR is not set"):
        call_command("check_theme")
