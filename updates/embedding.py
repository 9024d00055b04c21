"""The sites whose pages may embed a live blog, as origins: ``https://www.paper.example``.

``https://*.paper.example`` stands for all its subdomains, ``*`` for every site. The same list decides about frames
(``frame-ancestors``), about scripts of other sites that fetch updates (CORS), and about their sockets (``Origin``).
"""

import re
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

EVERY_SITE = "*"

MOST_SITES = 50
"""Sites of one live blog: all of them are in a header of each framed page."""

LONGEST = 253
"""Characters of a host name, as in the DNS."""

SITE = re.compile(r"(?P<scheme>https?)://(?P<any>\*\.)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::(?P<port>[0-9]{1,5}))?")

PAGE_OF_A_SITE = re.compile(r"https?://[^/?#@]+[/?#]")

DEFAULT_PORTS = {"http": "80", "https": "443"}


def canonical_sites(sites: Iterable[str]) -> list[str]:
    """Return sites as browsers write origins, each once. Raises ``ValidationError`` with all that cannot be used."""
    canonical, errors = [], []
    for site in sites:
        try:
            canonical.append(canonical_site(site))
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
    if len(set(canonical)) > MOST_SITES:
        raise ValidationError(_("Enter at most %(n)s sites, or * for every site."), params={"n": MOST_SITES})
    return list(dict.fromkeys(canonical))


def canonical_site(site: str) -> str:
    """Return one site in lower case, without a path of “/”, in ASCII and without the port that its scheme implies."""
    text = site.strip().lower().removesuffix("/")
    if text == EVERY_SITE:
        return text
    if ":/" not in text:
        raise _unusable(_("“%(site)s” needs https:// in front."), site)
    parts = SITE.fullmatch(_in_ascii(text))
    if parts is None and PAGE_OF_A_SITE.match(text):
        raise _unusable(_("“%(site)s” is the address of a page. Enter the site only, up to the first slash."), site)
    if parts is None or len(parts["host"]) > LONGEST or (parts["any"] and "." not in parts["host"]):
        raise _unusable(_("“%(site)s” is not a site. Enter one such as https://www.paper.example."), site)
    if parts["port"] and not 0 < int(parts["port"]) < 2**16:
        raise _unusable(_("“%(site)s” has a port that does not exist."), site)
    host = parts["scheme"] + "://" + (parts["any"] or "") + parts["host"]
    return f"{host}:{int(parts['port'])}" if _port_of(parts) != DEFAULT_PORTS[parts["scheme"]] else host


def check_sites(sites: object) -> None:
    """Validate what the model stores."""
    if not isinstance(sites, list) or not all(isinstance(site, str) for site in sites):
        raise ValidationError(_("Enter a list of sites."))
    if sites != canonical_sites(sites):
        raise ValidationError(_("Enter each site once, as browsers name it: %(sites)s"), params={
            "sites": ", ".join(canonical_sites(sites))
        })  # fmt: skip


def may_embed(sites: Sequence[str], origin: str) -> bool:
    """Return whether pages of an origin may embed a live blog; the same answer as ``frame_ancestors`` gives."""
    if EVERY_SITE in sites:
        return True
    page = SITE.fullmatch(origin.lower())
    return page is not None and not page["any"] and any(_includes(site, page) for site in sites)


def frame_ancestors(sites: Sequence[str]) -> str:
    """Return the sources of ``frame-ancestors``: the site itself, and those of a list."""
    return EVERY_SITE if EVERY_SITE in sites else " ".join(["'self'", *sites])


def _includes(site: str, page: re.Match[str]) -> bool:
    """A site of ``http`` includes its pages of ``https``, as in a content security policy."""
    parts = SITE.fullmatch(site)
    if parts is None or parts["scheme"] not in (page["scheme"], "http"):
        return False
    is_default = parts["port"] is None and _port_of(page) == DEFAULT_PORTS[page["scheme"]]
    if not is_default and _port_of(parts) != _port_of(page):
        return False
    return page["host"].endswith("." + parts["host"]) if parts["any"] else page["host"] == parts["host"]


def _port_of(parts: re.Match[str]) -> str:
    return str(int(parts["port"])) if parts["port"] else DEFAULT_PORTS[parts["scheme"]]


def _in_ascii(site: str) -> str:
    """Return a site with the name of its host as it is in the DNS: “zürich.example” is “xn--zrich-kva.example”."""
    if site.isascii():
        return site
    scheme, separator, rest = site.partition("://")
    host, colon, port = rest.partition(":")
    try:
        return scheme + separator + host.encode("idna").decode() + colon + port
    except UnicodeError:
        return ""


def _unusable(reason: str, site: str) -> ValidationError:
    return ValidationError(reason, code="site", params={"site": site.strip()[:100]})
