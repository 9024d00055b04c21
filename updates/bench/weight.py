"""Compressed bytes that a browser loads to show a page, without pictures."""

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
    """Compressed bytes by kind."""

    html: int
    css: int
    js: int

    @property
    def total(self) -> int:
        return self.html + self.css + self.js


def weigh(address: str) -> Weight:
    """Weigh page, styles and scripts with their static imports; scripts loaded on demand are left out."""
    html, size = _get(address)
    assets = [(urljoin(address, path.decode()), kind or module) for kind, module, path in LOADED.findall(html)]
    styles = {url for url, kind in assets if kind == b"stylesheet"}
    scripts = [url for url, kind in assets if kind != b"stylesheet"]
    css = sum(_get(url)[1] for url in styles)
    js = 0
    for url in scripts:  # grows during the loop
        text, size_of_script = _get(url)
        js += size_of_script
        imported = (urljoin(url, path.decode()) for path in IMPORTED.findall(text))
        scripts += [more for more in dict.fromkeys(imported) if more not in scripts]
    return Weight(size, css, js)


def _get(address: str) -> tuple[bytes, int]:
    """Return the decompressed text and the number of compressed bytes."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br, gzip"})  # noqa: S310 – our own server
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310  # nosec B310
        body = response.read()
        encoding = response.headers.get("Content-Encoding", "")
    text = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding](body)
    return text, len(body)
