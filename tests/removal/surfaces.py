"""Every address of the site, from its URLconf: a pattern that this file does not know fails the test."""

import base64
import html
import json
import re
from dataclasses import dataclass, field
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.urls import URLPattern, get_resolver, resolve
from django.urls.resolvers import RoutePattern

from tests.servers import CEILING
from updates.content.crops import crop_name
from updates.live.routing import websocket_urlpatterns
from updates.rendering.feeds import FORMATS

MEDIA = r"^media/(?P<name>pictures/[0-9a-f]{32}\.(?:webp|jpg))\Z"

CROP = r"^media/(?P<picture>pictures/[0-9a-f]{32})-(?P<shape>16x9|4x3|1x1)\.jpg\Z"


EVENT_CARD = "<slug:slug>/card.jpg"
CAPTIONS = "<slug:slug>/<public_id:public_id>/captions-<int:number>.vtt"
CARD = "<slug:slug>/<public_id:public_id>/card.jpg"
READER_ROUTES = {
    "", "corrections/", "<slug:slug>/", "<slug:slug>/changes", "<slug:slug>/<public_id:public_id>/", MEDIA, CROP, CARD,
    CAPTIONS,
    "feed.<feed_form:form>", "<slug:slug>/feed.<feed_form:form>", "<slug:slug>/embed/", "<slug:slug>/fragment",
    "api/v1/events/<slug:slug>/entries", "api/v1/events/<slug:slug>/changes",
    "api/v1/events/<slug:slug>/entries/<public_id:public_id>",
}  # fmt: skip
"""Routes that show an entry while it is published; a walk that finds it nowhere would prove nothing."""


def patterns(resolver=None, before=""):
    """All routes, as they are written."""
    for item in (resolver or get_resolver()).url_patterns:
        route = before + (item.pattern._route if isinstance(item.pattern, RoutePattern) else item.pattern._regex)
        if isinstance(item, URLPattern):
            yield route
        else:
            yield from patterns(item, route)


def socket_patterns():
    for item in websocket_urlpatterns:
        yield item.pattern._route if isinstance(item.pattern, RoutePattern) else item.pattern._regex


SOCKETS = {"ws/events/<slug:slug>/": "", "ws/desk/<int:pk>/": "ws/desk/{event.pk}/", "": "ws/elsewhere"}
"""The readers' socket, which the test listens to all the time, and those that say but goodbye to a stranger."""


def samples(event, entry, head):
    """Addresses for each route of the reader's, in all their forms."""
    entries = event.entries.exclude(order=None)
    page = f"/{event.slug}/"
    return api_samples(event, entries, head) | {
        "": ["/"],
        "archive/": ["/archive/"],
        "corrections/": ["/corrections/"],
        "feed.<feed_form:form>": [f"/feed.{form}{query}" for form in FORMATS for query in ("", "?filter=key")],
        "<slug:slug>/feed.<feed_form:form>": [
            f"{page}feed.{form}{query}" for form in FORMATS for query in ("", "?filter=key")
        ],
        "robots.txt": ["/robots.txt"],
        "sitemap.xml": ["/sitemap.xml"],
        "sitemap-lists.xml": ["/sitemap-lists.xml"],
        "sitemap-news.xml": ["/sitemap-news.xml"],
        "<slug:slug>/sitemap.xml": [f"{page}sitemap.xml"],
        "healthz": ["/healthz"],
        "readyz": ["/readyz"],
        "metrics": ["/metrics"],
        MEDIA: [f"/media/{name}" for name in files_of(entry)],
        CROP: [f"/media/{crop_name(name, '4x3')}" for name in files_of(entry) if name.endswith(".jpg")],
        "<slug:slug>/": [
            page,
            *(f"{page}?{query}" for query in ("page=1", "page=2", "filter=key", "filter=key&page=1")),
            *(f"{page}?order=oldest{query}" for query in ("", "&page=1", "&page=2", "&page=3", "&page=last")),
        ],
        "<slug:slug>/card.jpg": [f"{page}card.jpg"],
        "<slug:slug>/<public_id:public_id>/card.jpg": [f"{each.get_absolute_url()}card.jpg" for each in entries],
        CAPTIONS: [f"{each.get_absolute_url()}captions-{n}.vtt" for each in entries for n in range(8)],
        "<slug:slug>/<public_id:public_id>/post-<int:number>/": [
            f"{each.get_absolute_url()}post-1/" for each in entries
        ],
        "<slug:slug>/calendar.ics": [f"{page}calendar.ics"],
        "oembed": [f"/oembed?format={form}&url=http://127.0.0.1{page}" for form in ("json", "xml")],
        "<slug:slug>/embed/": [
            *(f"{page}embed/?update={each.public_id}" for each in entries),
            f"{page}embed/",
            f"{page}embed/?view=latest",
            f"{page}embed/?limit=50&theme=dark",
        ],
        "<slug:slug>/fragment": [
            *(f"{page}fragment{query}" for query in ("", "?view=latest", "?limit=50")),
            *(f"{page}fragment?update={each.public_id}" for each in entries),
            *(f"{page}fragment?after={event.epoch}-{after}" for after in range(head + 1)),
            *(f"{page}fragment?view=latest&after={after}" for after in range(head + 1)),
        ],
        "<slug:slug>/changes": [f"{page}changes?after={after}&epoch={event.epoch}" for after in range(head + 1)],
        "service-worker.js": ["/service-worker.js"],
        "manifest.webmanifest": ["/manifest.webmanifest"],
        "<slug:slug>/alerts": [f"{page}alerts"],
        "<slug:slug>/seen": [f"{page}seen"],
        "<slug:slug>/<public_id:public_id>/": [each.get_absolute_url() for each in entries],
    }


def api_samples(event, entries, head):
    api = "api/v1/events/<slug:slug>"
    address = f"/api/v1/events/{event.slug}"
    queries = ("", "?key=true", "?limit=1", "?limit=100&after=0", f"?before={10**12}")
    return {
        "api/v1/": ["/api/v1/"],
        "api/v1/openapi.json": ["/api/v1/openapi.json"],
        "api/v1/events": ["/api/v1/events", "/api/v1/events?state=live&limit=1"],
        "api/v1/<path:url>": ["/api/v1/nothing"],
        api: [address],
        f"{api}/entries": [f"{address}/entries{query}" for query in queries],
        f"{api}/entries/<public_id:public_id>": [f"{address}/entries/{entry.public_id}" for entry in entries],
        f"{api}/changes": [f"{address}/changes?after={after}&epoch={event.epoch}" for after in range(head + 1)],
    }


def files_of(entry):
    """Public files of the pictures of an entry, by their names."""
    images = [block.get("image") or block.get("poster") for block in entry.content["blocks"]]
    sizes = [size for image in images if image for size in image["renditions"]]
    return [size[form] for size in sizes for form in ("webp", "jpeg")]


def desk_sample(route, event, entry):
    """Every address of the desk wants a login before it looks at its parameters: numbers are those of the entry."""
    picture = entry.content["blocks"][0]["image"]["id"]
    known = {"app_label": "updates", "event_pk": event.pk, "public_id": picture, "seq": entry.seq}

    def value(match):
        name, kind = match["name"] or match["group"], match["kind"] or ""
        is_number = match["number"] or kind == "[0-9]+" or name.endswith("id")
        return str(known.get(name, entry.pk if is_number else kind.split("|")[0] if "|" in kind else "any"))

    parameter = r"<(?:(?P<number>int)|\w+)?:?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>(?P<kind>[^)]*)\)"
    plain_route = re.sub(r"\\Z|[\^$\\]", "", re.sub(parameter, value, route))
    shut = "admin/r/<path:target>"  # stands before one of the admin's own
    resolved = resolve(f"/{plain_route}").route
    assert resolved == shut or nameless(resolved) == nameless(route), f"Declare a sample for {route}"
    return f"/{plain_route}"


def nameless(route):
    """A route of ours may stand before the same one of the admin's, with other names."""
    return re.sub(r"<(\w+:)?\w+>", "<>", route.replace("^", ""))


class StayHere(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict = field(compare=False)
    body: bytes

    @property
    def text(self):
        """All that a program or a person could read of it, headers too, without any disguise by entities or escapes."""
        text = self.body.decode("utf-8", "replace")
        if "json" in self.headers.get("Content-Type", ""):
            text = "\n".join(strings(json.loads(text)))
        return plain(text) + "\n" + "\n".join(f"{name}: {value}" for name, value in self.headers.items())


def plain(text):
    """Return text without entities and without the escapes of structured data."""
    text = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), text).replace('\\"', '"')
    return html.unescape(html.unescape(text))


def strings(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    else:
        yield str(value)


def fetch(url):
    """As it is, wherever it leads; nobody is logged in."""
    try:
        with build_opener(StayHere).open(Request(url, headers={"Accept-Language": "en"}), timeout=CEILING) as answer:
            return Answer(answer.status, dict(answer.headers), answer.read())
    except HTTPError as answer:
        with answer:
            return Answer(answer.code, dict(answer.headers), answer.read())


def stray_id(address, answer, key):
    """The bare id stays in ``del`` items and tombstones, and in the name of the page that says that it is gone."""
    if key not in answer.text or answer.status == 410:
        return []
    if "feed.atom" in address and answer.text.count(key) == answer.text.count("<at:deleted-entry") == 1:
        return []
    if "/changes?" in address and answer.text.count(key) == 1 and is_tombstone(json.loads(answer.body), key):
        return []
    tombstone = rf'<(article|li) data-id="{key}" data-seq="[0-9]+" data-kind="remove" hidden></\1>'
    if "/fragment?" in address and answer.text.count(key) == len(re.findall(tombstone, answer.text)) == 1:
        return []
    return ["id"]


def is_tombstone(body, key):
    """Catch-up and the API name a removed entry, and say nothing else of it."""
    if "removed" in body:
        return [set(gone) for gone in body["removed"] if gone["id"] == key] == [{"id", "seq"}]
    return [item["op"] for item in body["items"] if item["id"] == key] == ["del"]


def in_base64(data):
    return base64.b64encode(data).decode()


def all_of(addresses):
    return [address for some in addresses.values() for address in some]
