"""Addresses in a frozen page: anchors instead of permalinks, files beside the page instead of the site's."""

import re
from collections.abc import Collection
from html import escape, unescape
from pathlib import PurePosixPath
from urllib.parse import urljoin

from django.conf import settings

_TAG = re.compile(r"<a\s[^>]*>?")  # also without its end, or texts that have none would be searched from each start
_ENTRY = re.compile(r"(?:#u)?([A-Za-z0-9]{10})/?")
_TRACK = re.compile(r'(<track [^<>]*src=")[^"]*/([A-Za-z0-9]{10})/captions-([0-9]+)\.vtt"')
_HREF = re.compile(r'(\shref=")([^"]*)(")')


def picture_file(name: str) -> str:
    """Return the address of a public picture beside the page."""
    return f"pictures/{PurePosixPath(name).name}"


def captions_file(public_id: str, number: int) -> str:
    """Return the address of the captions of a film beside the page; ``number`` is that of its block."""
    return f"captions/{public_id}-{number}.vtt"


class Links:
    """Rewrites links in the HTML of an event with this slug and these frozen entries."""

    def __init__(self, slug: str, public_ids: Collection[str]) -> None:
        self._page = f"{settings.URL_PREFIX}/{slug}/"
        self._public_ids = frozenset(public_ids)

    def local(self, html: str) -> str:
        local = _TAG.sub(lambda tag: _HREF.sub(self._href, tag[0]), html)
        return _TRACK.sub(lambda track: f'{track[1]}{captions_file(track[2], int(track[3]))}"', local)

    def _href(self, link: re.Match[str]) -> str:
        before, address, after = link.groups()
        return f"{before}{escape(self._target(unescape(address)))}{after}"

    def _target(self, address: str) -> str:
        """Return the anchor of a frozen entry, or the address on the site; without ``SITE_URL`` that is unknown."""
        entry = _ENTRY.fullmatch(address.removeprefix(settings.SITE_URL).removeprefix(self._page))
        if entry and entry[1] in self._public_ids:
            return f"#u{entry[1]}"
        if not address.startswith("/"):
            return address
        return urljoin(settings.SITE_URL, address) if settings.SITE_URL else "#top"
