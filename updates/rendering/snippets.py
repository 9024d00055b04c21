"""Code with which other sites embed a live blog: a frame, an element, and an include for a server."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from updates.models import Entry, Event

HEIGHTS = {"updates": 600, "latest": 260}
"""Pixels of a frame until a script fits it to its content."""


@dataclass(frozen=True)
class Snippets:
    event: Event
    origin: str
    view: str
    entry: Entry | None = None
    """The update that is embedded alone."""

    @property
    def title(self) -> str:
        return self.entry.title if self.entry else self.event.title

    @property
    def page(self) -> str:
        return self.origin + self.event.get_absolute_url()

    @property
    def query(self) -> str:
        if self.entry:
            return f"?update={self.entry.public_id}"
        return "?view=latest" if self.view == "latest" else ""

    @property
    def frame_address(self) -> str:
        return self.origin + reverse("embed", args=[self.event.slug]) + self.query

    def frame(self, width: str = "100%", height: int = 0) -> SafeString:
        return format_html(
            '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"'
            ' style="border:0;max-width:100%"></iframe>',
            self.frame_address, self.title, width, height or HEIGHTS[self.view],
        )  # fmt: skip

    @property
    def frame_with_script(self) -> SafeString:
        """The frame, and the script that fits its height."""
        return format_html('{}\n<script async src="{}"></script>', self.frame(), self._script("frame-height.js"))

    @property
    def element(self) -> SafeString:
        view = SafeString(' view="latest"') if self.view == "latest" else ""
        return format_html(
            '<script type="module" src="{}"></script>\n<live-blog src="{}"{}><a href="{}">{}</a></live-blog>',
            self._script("live-blog.js"), self.page, view, self.page, self.event.title,
        )  # fmt: skip

    @property
    def include(self) -> SafeString:
        """An include for caches and servers that know Edge Side Includes."""
        address = self.origin + reverse("fragment", args=[self.event.slug]) + self.query
        return format_html('<esi:include src="{}" onerror="continue"/>', address)

    def _script(self, name: str) -> str:
        """Return the address of a script without a hash in its name: it stands in other people's pages for years."""
        return f"{self.origin}{settings.STATIC_URL}bundles/{name}"
