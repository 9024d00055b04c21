"""HTML of this site for pages of other sites: with whole addresses, and without icons, which only our pages have, and
captions, which browsers show on pages of their own site only.
"""

import re

# Each also without its end: a text that has none would be searched again from each start.
_NOT_FOR_THEM = re.compile(r"<svg\s.*?(?:</svg>|\Z)|<track\s[^>]*>?", re.DOTALL)
_TAG = re.compile(r"<[a-z][^>]*>?")
_ADDRESS = re.compile(r'(\s(?:href|src|poster)=")(/[^"]*")')
_PICTURES = re.compile(r'(\ssrcset=")([^"]*)(")')
_PICTURE = re.compile(r"(^|,\s*)(/)")

_ZOOM = '<a class="zoom" data-zoom'
_APART = ' target="_blank" rel="noopener"'
"""A large picture must not take the place of the page that embeds it."""


def absolute(html: str, origin: str) -> str:
    """Return HTML of our templates with the origin before each path. ``static/js/embed/whole_addresses.js`` does the
    same in browsers.
    """
    return _TAG.sub(lambda tag: _whole(tag[0], origin), _NOT_FOR_THEM.sub("", html)).replace(_ZOOM, _ZOOM + _APART)


def with_absolute_links(html: str, origin: str) -> str:
    """Complete links that begin with a slash, and nothing else; stored HTML has double quotes only."""
    return html.replace('<a href="/', f'<a href="{origin}/')


def _whole(tag: str, origin: str) -> str:
    tag = _ADDRESS.sub(lambda match: f"{match[1]}{origin}{match[2]}", tag)
    return _PICTURES.sub(lambda match: match[1] + _PICTURE.sub(rf"\g<1>{origin}\2", match[2]) + match[3], tag)
