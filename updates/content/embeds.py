"""Turns an address into a player, a film, sound or a link card, without a network request."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import SplitResult, quote, urlsplit

import idna
from django.core.exceptions import ValidationError
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _

from .lookalike_hosts import check_host
from .provider import ANY_HOST, Provider
from .providers import providers_of_site
from .text import check_text

MAX_LENGTH = 1000

MEDIA_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
}
"""Of files that the browser itself can play. Only some browsers play .m3u8 (HLS)."""

_PORTS = {"http": 80, "https": 443}
_GAPS = re.compile(r"[\s\x00-\x20\x7f-\x9f]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
_MOMENT = re.compile(r"(?:^|[?&#])(?:t|start|startTime)=(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?(?=$|[&#])")


@dataclass(frozen=True)
class Embed:
    """Embed of an address: a provider's player, a film or sound (``file``) or a link card (``link``).

    ``ref`` is the provider's id, the media type of a file, or the host name of a link, with names in other scripts in
    their ``xn--`` form.
    """

    provider: str
    ref: str
    url: str
    player_url: str | None = None
    aspect: str = ""

    @property
    def is_film(self) -> bool:
        return self.provider == "file" and not self.ref.startswith("audio/")


@dataclass(frozen=True)
class _Address:
    host: str
    target: str
    fragment: str
    url: str
    path: str
    usual_port: bool


def find_embed(url: str, providers: Iterable[Provider] | None = None, *, was_published: bool = False) -> Embed:
    """Return the embed of an address. Raises ``ValidationError`` with the reason if the address is refused.

    With ``was_published`` the host name is not checked again, so that newer rules do not prevent restoring an old
    update.
    """
    providers = providers_of_site() if providers is None else tuple(providers)
    address = _address(url)
    if not was_published:
        check_host(address.host, {host for provider in providers for host in provider.hosts} - {ANY_HOST})
    if address.usual_port:
        for provider in providers:
            if provider.has_host(address.host) and (match := provider.pattern.match(_matched(provider, address))):
                return _player(provider, match, address)
    media_type = MEDIA_TYPES.get(PurePosixPath(address.path).suffix.lower())
    if media_type and address.url.startswith("https:"):  # browsers play only these inside a page
        return Embed("file", media_type, address.url, aspect="" if media_type.startswith("audio/") else "16/9")
    return Embed("link", address.host, address.url)


def _matched(provider: Provider, address: _Address) -> str:
    return address.target + (address.fragment if provider.has_fragment else "")


def _player(provider: Provider, match: re.Match[str], address: _Address) -> Embed:
    groups = {**match.groupdict(), "host": address.host, "seconds": str(_seconds(address.url))}
    groups |= provider.reckon(groups) if provider.reckon else {}
    moment = groups["seconds"] != "0"
    url = provider.url.format(**groups) + (provider.url_moment.format(**groups) if moment else "")
    player = None
    if provider.player:
        player = provider.player.format(**groups, quoted=quote(url, safe=""))
        player += provider.player_moment.format(**groups) if moment else ""
    return Embed(provider.name, groups["ref"], url, player, provider.aspect)


def _seconds(url: str) -> int:
    """Return the start time in seconds that an address names by ``t=90``, ``t=1h2m3s`` or ``start=90``."""
    match = _MOMENT.search(url)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


def _address(url: str) -> _Address:
    check_text(url)
    if not url:
        raise ValidationError(_("Paste the address of a video, a post or a page."), code="address")
    if len(url) > MAX_LENGTH:
        raise ValidationError(_("The address is too long. The limit is 1,000 characters."), code="address")
    if _GAPS.search(url):
        raise ValidationError(
            _("The address contains a space or an invisible character. Copy it again."), code="address"
        )
    if "\\" in url:
        raise ValidationError(_("An address cannot contain a backslash. Copy it again."), code="address")
    parts = _split(url)
    host, port = _host(parts), _port(parts)
    netloc = f"[{host}]" if ":" in host else host
    usual = port in (None, _PORTS[parts.scheme])
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    clean = f"{parts.scheme}://{netloc}{'' if usual else f':{port}'}{target or '/'}{fragment}"
    return _Address(host, target, fragment, iri_to_uri(clean), parts.path, usual)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ValidationError(_("This is not an address. Copy it again."), code="address") from error
    if parts.scheme not in _PORTS:
        raise ValidationError(_("Only addresses that begin with https:// or http:// can be shown."), code="address")
    if "@" in parts.netloc:
        raise ValidationError(
            _("The address has a username before the site (…@…), which can hide where it leads."), code="address"
        )
    return parts


def _host(parts: SplitResult) -> str:
    """Return the host name in its ``xn--`` form, so that it cannot be mistaken for another site."""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return host
    try:
        host = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii").rstrip(".")
    except idna.IDNAError as error:
        raise ValidationError(_("The name of the site in this address does not exist."), code="address") from error
    if not _HOST.fullmatch(host) or ".." in host:
        raise ValidationError(_("The name of the site in this address is missing or not valid."), code="address")
    return host


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError as error:
        raise ValidationError(_("The port in this address does not exist."), code="address") from error
    if port == 0:
        raise ValidationError(_("The port in this address does not exist."), code="address")
    return port
