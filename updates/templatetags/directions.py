"""``dir="{{ text|direction }}"``: right to left or left to right, by the language of the event and the text itself."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from updates.languages import own_name
from updates.rendering import content_direction, content_language, strings_language
from updates.rendering.direction import direction, html_direction, with_directions
from updates.rendering.tables import with_scopes, with_tables
from updates.rendering.units import UNIT, unbroken_units

NO_BREAK = "\u00a0"

register = template.Library()
register.filter("direction", direction)
register.filter("html_direction", html_direction)
register.filter("with_directions", with_directions)
register.filter("with_scopes", with_scopes)
register.filter("with_tables", with_tables)
register.filter("unbroken_units", unbroken_units)
register.filter("own_name", own_name)
register.simple_tag(content_direction)
register.simple_tag(content_language)
register.simple_tag(strings_language)


@register.filter
def lines_with_directions(text: str) -> SafeString:
    """Break lines, and give those a direction that are written in the other one than the whole text."""
    usual = direction(text)
    lines = ((line, direction(line)) for line in text.splitlines())
    return format_html_join(
        SafeString("<br>"),
        "{}",
        ((format_html('<span dir="{}">{}</span>', own, line) if own != usual else line,) for line, own in lines),
    )


@register.filter
def unbroken(text: str) -> SafeString:
    """Keep units, and words that a no-break space joins, on one line where it is wide enough."""
    words = (
        format_html('<span class="keep">{}</span>', word.replace(NO_BREAK, " "))
        if NO_BREAK in word or UNIT.search(word)
        else word
        for word in text.split(" ")
    )
    return format_html_join(" ", "{}", ((word,) for word in words))


@register.simple_tag
def content_lang() -> SafeString:
    """`` lang="ru"`` for a text of an event whose language is not that of the site's strings around it."""
    return _lang(content_language()) if content_language() != strings_language() else SafeString("")


@register.simple_tag
def strings_lang() -> SafeString:
    """`` lang="en"`` for a string of the site inside such a text."""
    return _lang(strings_language()) if content_language() != strings_language() else SafeString("")


def _lang(tag: str) -> SafeString:
    return format_html(' lang="{}"', tag)
