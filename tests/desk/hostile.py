"""Parses HTML as a browser does, and finds what hostile input has added."""

from html.parser import HTMLParser

from updates.content.allowed import TAGS

OURS = {
    "article",
    "div",
    "time",
    "span",
    "h2",
    "figure",
    "figcaption",
    "small",
    "blockquote",
    "footer",
    "b",
    "i",
    "bdi",
}
OURS |= {"p", "a", "svg", "use", "path", "img", "picture", "source", "video"}
NEVER = {"style", "srcdoc", "formaction"}


class _Markup(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))


def markup_in(html):
    reader = _Markup()
    reader.feed(html)
    return reader.tags


def live_in(html, ours=frozenset(OURS)):
    """Tags and attributes that could do something."""
    return [(tag, attrs) for tag, attrs in markup_in(html) if (tag not in ours and tag not in TAGS) or _acts(attrs)]


def _acts(attrs):
    return any(
        name.startswith("on") or name in NEVER or (name in {"href", "src"} and "script:" in (value or "").lower())
        for name, value in attrs
    )


def counted(html):
    """Count each tag of a page, to compare it with a page without hostile input."""
    tags = [tag for tag, _attrs in markup_in(html)]
    return {tag: tags.count(tag) for tag in set(tags)}
