"""Charts and maps that can be embedded: one row per form of address."""

from math import cos, radians

from .provider import Groups, Provider, hosts_of, path_pattern

_DATAWRAPPER = "https://datawrapper.dwcdn.net/{ref}/"
_DATAWRAPPER_REF = r"(?P<ref>[a-zA-Z0-9]{5})(?=[/?]|$)"
_GOOGLE = hosts_of("google.com") | {"maps.google.com"}
# Places on Earth, and the levels that these maps have. What is on no map becomes a card with a link.
_DECIMALS = r"(?:\.\d{1,15})?"
_LAT = rf"-?(?:90(?:\.0{{1,15}})?|[0-8]?\d{_DECIMALS})"
_LNG = rf"-?(?:180(?:\.0{{1,15}})?|(?:1[0-7]|0?\d)?\d{_DECIMALS})"
_PLACE_COMMA = rf"(?P<lat>{_LAT}),(?P<lng>{_LNG})"
_PLACE_SLASH = rf"(?P<lat>{_LAT})/(?P<lng>{_LNG})(?!\.\d)"
_ZOOM = r"(?P<zoom>[01]?\d|2[0-2])(?:\.\d{1,2})?"
_OPENSTREETMAP_MAP = rf"#(?:.*&)?map=(?P<ref>{_ZOOM}/{_PLACE_SLASH})"
_OPENSTREETMAP_PLAYER = "https://www.openstreetmap.org/export/embed.html?bbox={box}&layer=mapnik"

CHARTS_ASPECT = "4/3"
_TILE = 256  # pixels
_WIDTH, _HEIGHT = 640, 480  # pixels of a map in the column of a page


def _box(groups: Groups) -> Groups:
    """Return the corners of a map around a place: west, south, east, north, in degrees with commas."""
    degrees = 360 / 2 ** int(groups["zoom"]) / _TILE
    lat, lng = float(groups["lat"]), float(groups["lng"])
    across, up = degrees * _WIDTH / 2, degrees * _HEIGHT / 2 * cos(radians(lat))
    corners = (lng - across, max(lat - up, -90), lng + across, min(lat + up, 90))
    return {"box": "%2C".join(f"{corner:.6f}" for corner in corners)}


CHARTS = (
    Provider(
        "datawrapper",
        frozenset({"datawrapper.dwcdn.net"}),
        path_pattern(rf"/{_DATAWRAPPER_REF}"),
        url=_DATAWRAPPER,
        player=_DATAWRAPPER,
        aspect=CHARTS_ASPECT,
    ),
    Provider(
        "datawrapper",
        frozenset({"datawrapper.de", "www.datawrapper.de"}),
        path_pattern(rf"/_/{_DATAWRAPPER_REF}"),
        url=_DATAWRAPPER,
        player=_DATAWRAPPER,
        aspect=CHARTS_ASPECT,
    ),
    Provider(
        "flourish",
        frozenset({"public.flourish.studio", "flo.uri.sh"}),
        path_pattern(r"/(?P<kind>visualisation|story)/(?P<ref>\d{1,12})"),
        url="https://public.flourish.studio/{kind}/{ref}/",
        player="https://flo.uri.sh/{kind}/{ref}/embed",
        aspect=CHARTS_ASPECT,
    ),
    Provider(
        "infogram",
        hosts_of("infogram.com") | {"e.infogram.com"},
        path_pattern(r"/(?P<ref>_/\w{16,24}|(?:[\w-]*-)?1[a-z0-9]{13,30}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"),
        url="https://infogram.com/{ref}",
        player="https://e.infogram.com/{ref}?src=embed",
        aspect=CHARTS_ASPECT,
    ),
)

MAPS = (
    Provider(  # what “Share” and “Embed a map” give
        "googlemaps",
        _GOOGLE,
        path_pattern(r"/maps/embed\?pb=(?P<ref>[\w!.%:,+-]{10,800})"),
        url="https://www.google.com/maps/embed?pb={ref}",
        player="https://www.google.com/maps/embed?pb={ref}",
        aspect=CHARTS_ASPECT,
    ),
    Provider(  # its place stays in the link only, since a player without a key knows positions
        "googlemaps",
        _GOOGLE,
        path_pattern(
            rf"/maps/(?P<place>place/[\w.,+%()!&:~*'-]{{1,300}}/|)@(?P<ref>{_PLACE_COMMA}),"
            rf"{_ZOOM}z"
        ),
        url="https://www.google.com/maps/{place}@{ref},{zoom}z",
        player="https://www.google.com/maps?q={ref}&z={zoom}&output=embed",
        aspect=CHARTS_ASPECT,
    ),
    Provider(
        "openstreetmap",
        hosts_of("openstreetmap.org"),
        path_pattern(rf"/\?mlat=(?P<mlat>{_LAT})&mlon=(?P<mlng>{_LNG}){_OPENSTREETMAP_MAP}"),
        url="https://www.openstreetmap.org/?mlat={mlat}&mlon={mlng}#map={zoom}/{lat}/{lng}",
        player=_OPENSTREETMAP_PLAYER + "&marker={mlat}%2C{mlng}",
        aspect=CHARTS_ASPECT,
        has_fragment=True,
        reckon=_box,
    ),
    Provider(
        "openstreetmap",
        hosts_of("openstreetmap.org"),
        path_pattern(rf"/?{_OPENSTREETMAP_MAP}"),
        url="https://www.openstreetmap.org/#map={zoom}/{lat}/{lng}",
        player=_OPENSTREETMAP_PLAYER,
        aspect=CHARTS_ASPECT,
        has_fragment=True,
        reckon=_box,
    ),
)

CHART_NAMES = frozenset(provider.name for provider in CHARTS)
MAP_NAMES = frozenset(provider.name for provider in MAPS)
