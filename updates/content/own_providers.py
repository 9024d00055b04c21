"""A newsroom's own providers of embeds, as settings name them. Addresses are templates, so no pattern can be slow."""

import json
import re
from typing import Final

from .provider import ANY_HOST, ASPECTS, Provider
from .providers import mastodon

_KEYS: Final = ("name", "host", "path", "player", "aspect")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,29}")
_HOST: Final = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")
_PLACE: Final = re.compile(r"\{([a-z]{1,20})\}")
_PATH: Final = re.compile(r"/[\w./?&=~%+,@{}-]{0,300}", re.ASCII)
_PLAYER: Final = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?/[\w./?&=~%+,:@#{}-]{0,300}", re.ASCII)
_WHOLE_PART: Final = re.compile(r"(?<=[/=@])\{[a-z]{1,20}\}(?=[/?&.]|$)")
_AT_MOST: Final = 50
_RESERVED: Final = frozenset({"file", "link"})


def parse_providers(text: str) -> tuple[Provider, ...]:
    """Read a JSON list of providers. Raises ``ValueError`` with the reason."""
    try:
        rows = json.loads(text or "[]")
    except ValueError:
        raise ValueError("this is not JSON: a list of providers in […] is needed") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError('a list such as [{"name": …, "host": …, "path": …, "player": …}] is needed')
    if len(rows) > _AT_MOST:
        raise ValueError(f"at most {_AT_MOST} providers are possible")
    return tuple(_provider(row, number) for number, row in enumerate(rows, start=1))


def parse_mastodon_hosts(text: str) -> tuple[Provider, ...]:
    """Read host names of Mastodon servers, separated by commas; ``*`` stands for all others."""
    hosts = [item.strip().lower() for item in text.split(",") if item.strip()]
    for host in hosts:
        if not _HOST.fullmatch(host) and host != ANY_HOST:
            raise ValueError(f"“{host}” is no host name such as social.paper.example")
    named, others = frozenset(hosts) - {ANY_HOST}, frozenset(hosts) & {ANY_HOST}
    return tuple(mastodon(group) for group in (named, others) if group)


def _provider(row: dict[str, object], number: int) -> Provider:
    values = _texts(row, number)
    place = f"provider {number}"
    if not _NAME.fullmatch(values["name"]) or values["name"] in _RESERVED:
        raise ValueError(f"{place}: name is a word of small letters, digits and hyphens, such as paper-tv")
    if not _HOST.fullmatch(values["host"]):
        raise ValueError(f"{place}: host is a host name such as video.paper.example, without https://")
    if values["aspect"] not in ASPECTS:
        raise ValueError(f"{place}: aspect is one of {', '.join(ASPECTS)}")
    names = _placeholders(values["path"], place)
    _check_player(values["player"], names, place)
    return Provider(
        values["name"],
        frozenset({values["host"]}),
        _pattern(values["path"], names[0]),
        url=f"https://{values['host']}" + values["path"].replace(f"{{{names[0]}}}", "{ref}"),
        player=values["player"].replace(f"{{{names[0]}}}", "{ref}"),
        aspect=values["aspect"],
    )


def _texts(row: dict[str, object], number: int) -> dict[str, str]:
    texts = {key: value for key, value in row.items() if isinstance(value, str)}
    for key in row:
        if key not in _KEYS:
            raise ValueError(f"provider {number}: “{key}” is none of {', '.join(_KEYS)}")
        if key not in texts:
            raise ValueError(f"provider {number}: {key} is a text in quotation marks")
    if missing := [key for key in _KEYS[:-1] if key not in row]:
        raise ValueError(f"provider {number}: {missing[0]} is missing")
    return {"aspect": ASPECTS[0]} | texts


def _placeholders(path: str, place: str) -> list[str]:
    names = _PLACE.findall(path)
    if not _PATH.fullmatch(path) or _has_braces(path):
        raise ValueError(f"{place}: path is the path of its pages, such as /clips/{{id}}")
    if not names or len(set(names)) < len(names) or len(names) > 4:
        raise ValueError(f"{place}: path needs one to four placeholders such as {{id}}, each once")
    if len(_WHOLE_PART.findall(path)) < len(names):
        raise ValueError(f"{place}: a placeholder of path stands for a whole part of it, as in /clips/{{id}}")
    if {"host", "seconds", "quoted", "ref"} & set(names[1:]):
        raise ValueError(f"{place}: host, seconds, quoted and ref are no names of placeholders")
    return names


def _check_player(player: str, names: list[str], place: str) -> None:
    if not _PLAYER.fullmatch(player) or _has_braces(player):
        raise ValueError(
            f"{place}: player begins with https:// and a host, such as https://video.paper.example/e/{{id}}"
        )
    if unknown := set(_PLACE.findall(player)) - set(names):
        raise ValueError(f"{place}: player asks for {{{min(unknown)}}}, which path does not have")


def _has_braces(template: str) -> bool:
    return bool({"{", "}"} & set(_PLACE.sub("", template)))


def _pattern(path: str, first: str) -> re.Pattern[str]:
    """Return the pattern of a path. A placeholder is one part without delimiters, so matching takes linear time."""
    parts = [
        f"(?P<{'ref' if part == first else part}>[\\w-]{{1,100}})" if odd else re.escape(part)
        for part, odd in zip(_PLACE.split(path), [False, True] * 5, strict=False)
    ]
    return re.compile("".join(parts) + r"(?=[/?&#]|$)", re.ASCII)
