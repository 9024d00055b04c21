"""Kinds of embeds as people know them: video, post, sound, chart, map; and the same as a table for scripts."""

from typing import Final

from updates.untyped import JSONObject

from .charts_and_maps import CHART_NAMES, MAP_NAMES
from .embeds import MEDIA_TYPES
from .provider import Provider
from .providers import providers_of_site

_BY_ASPECT: Final = {"16/9": "video", "9/16": "video", "4/5": "post", "4/3": "chart", "3/1": "sound"}


def kind_of(provider: Provider) -> str:
    if provider.name in MAP_NAMES:
        return "map"
    return "chart" if provider.name in CHART_NAMES else _BY_ASPECT[provider.aspect]


def embed_table() -> JSONObject:
    """Return what a script needs to recognise an address: rows of hosts, pattern and kind, and kinds of files."""
    return {
        "rows": [
            {
                "hosts": sorted(provider.hosts),
                "pattern": provider.pattern.pattern.replace("(?P<", "(?<"),
                "kind": kind_of(provider),
                "fragment": provider.has_fragment,
            }
            for provider in providers_of_site()
        ],
        "files": {end: "sound" if kind.startswith("audio/") else "video" for end, kind in MEDIA_TYPES.items()},
    }
