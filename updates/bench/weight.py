"""What a browser loads to show a page, in compressed bytes and without pictures."""

import gzip
import re
import urllib.request
from dataclasses import dataclass
from urllib.parse import urljoin

import brotli

LOADED = re.compile(rb'<(?:link rel="(stylesheet|modulepreload)" href|script type="(module)" src)="([^"]+)"')
IMPORTED = re.compile(rb'(?:\bfrom|\bimport)\s*"(\.[^"]+)"')


@dataclass(frozen=True)
class Weight:
    html: int
    css: int
    js: int

    @property
    def total(self) -> int:
        return self.html + self.css + self.js


def weigh(address: str) -> Weight:
    """With everything that scripts import at once; what they fetch when a reader needs it is left out."""
    html, size = _get(address)
    found = [(urljoin(address, path.decode()), kind or module) for kind, module, path in LOADED.findall(html)]
    styles = {place for place, kind in found if kind == b"stylesheet"}
    scripts = [place for place, kind in found if kind != b"stylesheet"]
    css = sum(_get(place)[1] for place in styles)
    js = 0
    for place in scripts:  # grows while it is walked
        text, bytes_of_it = _get(place)
        js += bytes_of_it
        imported = (urljoin(place, path.decode()) for path in IMPORTED.findall(text))
        scripts += [more for more in dict.fromkeys(imported) if more not in scripts]
    return Weight(size, css, js)


def _get(address: str) -> tuple[bytes, int]:
    """The text, and how many bytes it took."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br, gzip"})  # noqa: S310 – our own server
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        body = answer.read()
        packing = answer.headers.get("Content-Encoding", "")
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[packing](body)
    return unpacked, len(body)
