"""What programs fetch: structured data in the page, feeds, sitemaps and the read API."""

import gzip
import re
import urllib.request
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

from django.urls import reverse

from .load_plan import Plan
from .rows import Row
from .site import generate_load

if TYPE_CHECKING:
    from .measures import Bench

STRUCTURED = re.compile(rb'<script type="application/ld\+json">.*?</script>', re.DOTALL)

ROUTES = {"feed": ("feed", {"form": "atom"}), "sitemap": ("event-sitemap", {}), "API": ("api-entries", {})}
"""Names of addresses and what they need besides the slug."""


def search_and_feeds(bench: "Bench") -> Iterator[Row]:
    yield _weight(bench)
    slugs = (bench.newsroom.small.slug, bench.newsroom.large.slug)
    part = bench.seconds / 10
    for name, (route, more) in ROUTES.items():
        small, large = (reverse(route, kwargs={"slug": slug, **more}) for slug in slugs)
        ratio, of = bench.relative_to_empty(small, part)
        yield Row(f"{name} against an empty view", ratio, "×", must=0.7, more_is_better=True, of=of)
        addresses = [bench.site + small, bench.site + large]
        rates = generate_load(Plan(addresses, part, connections=bench.connections))
        ratio = median(few / many for few, many in rates)
        what = f"{name} of {bench.newsroom.many:,} entries against {bench.newsroom.few:,}"
        yield Row(what, ratio, "×", must=1.2, of="time per request")


def _weight(bench: "Bench") -> Row:
    """Return what structured data adds to a compressed page, which has the same words."""
    address = bench.site + bench.newsroom.small.get_absolute_url()
    with urllib.request.urlopen(address, timeout=30) as response:  # noqa: S310 – our own server  # nosec B310
        page = response.read()
    bytes_more = len(gzip.compress(page, 6)) - len(gzip.compress(STRUCTURED.sub(b"", page), 6))
    return Row("structured data in the page, compressed", bytes_more / 1000, "KB", must=8)
