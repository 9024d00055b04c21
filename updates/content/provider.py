"""A site whose videos, posts, charts or maps can be embedded, as a row of a table."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

ASPECTS: Final = ("16/9", "9/16", "4/5", "4/3", "3/1")
"""Width/height of players: videos, upright videos, posts, charts and maps, sound."""

ANY_HOST: Final = "*"
"""Among the hosts of a provider: every host has its pages, as of Mastodon, if the settings say so."""

Groups = Mapping[str, str]


@dataclass(frozen=True)
class Provider:
    """``pattern`` is matched from the start of path and query; its group ``ref`` names the video or post.

    ``url`` and ``player`` are templates over the pattern's groups and ``host``; ``player`` may also ask for
    ``quoted``, the finished ``url`` as a query value. ``url_moment`` and ``player_moment`` are appended where
    the address points into a recording, with ``seconds``. ``reckon`` makes further groups of those of the pattern.
    """

    name: str
    hosts: frozenset[str]
    pattern: re.Pattern[str]
    url: str
    player: str | None
    aspect: str = "16/9"
    url_moment: str = ""
    player_moment: str = ""
    has_fragment: bool = False
    """Whether the pattern also sees what follows “#”."""
    reckon: Callable[[Groups], Groups] | None = None

    def has_host(self, host: str) -> bool:
        return host in self.hosts or ANY_HOST in self.hosts

    def __repr__(self) -> str:
        """Name the hosts in the same order in every process, because ``RELEASE`` is made from it."""
        return f"Provider({vars(self) | {'hosts': sorted(self.hosts)}})"


def hosts_of(*names: str) -> frozenset[str]:
    return frozenset(names) | {f"www.{name}" for name in names} | {f"m.{name}" for name in names}


def path_pattern(pattern: str) -> re.Pattern[str]:
    # ASCII, since "\w" and "\d" would otherwise take letters and digits of every script for an id.
    return re.compile(pattern + r"(?![\w-])", re.ASCII)


def player_hosts(providers: Iterable[Provider]) -> tuple[str, ...]:
    """Return the hosts that a page may show in a frame. Those of ``ANY_HOST`` get a frame of our own."""
    return tuple(sorted(frozenset[str]().union(*map(_player_hosts, providers)) - {ANY_HOST}))


def _player_hosts(provider: Provider) -> frozenset[str]:
    host = urlsplit(provider.player or "").netloc
    return provider.hosts if host == "{host}" else frozenset({host} - {""})
