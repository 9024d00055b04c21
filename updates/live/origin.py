"""Which pages may open a socket."""

from collections.abc import Iterable, Sequence
from time import monotonic
from urllib.parse import urlsplit

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, WebSocketScope
from channels.security.websocket import OriginValidator
from django.db import Error as DatabaseError

from updates.embedding import may_embed
from updates.queries.reader_pages import embed_sites

from .connection import UPGRADE
from .threads import in_thread


class SameOrigin(OriginValidator):  # type: ignore[misc]  # Channels has no types
    """Refuses pages of other hosts before the upgrade (403), except those of ``allowed_origins``.

    Clients that send no Origin, which no browser does, are refused where it ``is_required``.
    """

    def __init__(
        self, application: ASGI3Application, allowed_origins: Sequence[str] = (), *, is_required: bool = True
    ) -> None:
        super().__init__(application, allowed_origins)
        self.is_required = is_required

    async def __call__(self, scope: WebSocketScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if self.allows(scope["headers"]) or await self.allows_parent(scope):
            await self.application(scope, receive, send)
        else:  # the denier of Channels would subscribe to Redis before it refuses
            await send({"type": "websocket.close", "code": 4403, "reason": None})

    async def allows_parent(self, scope: WebSocketScope) -> bool:
        """Return whether a page of another site may open the socket all the same."""
        return False

    def allows(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        sent = {name: value.decode("latin-1").lower() for name, value in headers if name in (b"origin", b"host")}
        if b"origin" not in sent:
            return not self.is_required
        try:
            origin = urlsplit(sent[b"origin"])
            return origin.netloc == sent.get(b"host") or self.validate_origin(origin) is True
        except ValueError:  # brackets or a port that are no address
            return False


class SitesOfEvents:
    """The sites that may embed an event, read from the database at most every few seconds: thousands of embedded pages
    may return at once.
    """

    FRESH = 5.0
    """Seconds."""
    AT_MOST = 1000
    """Events."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, list[str]]] = {}

    def known(self, slug: str) -> list[str] | None:
        """Return what was read a moment ago."""
        until, sites = self._known.get(slug, (0.0, []))
        return sites if monotonic() < until else None

    async def read(self, slug: str) -> list[str]:
        sites = await in_thread(embed_sites, slug)
        if sites:  # for events without any, only strangers ask
            if len(self._known) >= self.AT_MOST:
                self._known.clear()
            self._known[slug] = (monotonic() + self.FRESH, sites)
        return sites


class EmbeddedOrigin(SameOrigin):
    """Admits pages of the sites that may embed the event as well."""

    sites = SitesOfEvents()

    async def allows_parent(self, scope: WebSocketScope) -> bool:
        """Decide at once where an upgrade is offered, which cannot wait: Daphne asks again without one."""
        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        slug = scope["url_route"]["kwargs"]["slug"]  # type: ignore[typeddict-item]  # of Channels
        sites = self.sites.known(slug)
        if sites is None and UPGRADE not in (scope.get("extensions") or {}):
            try:
                sites = await self.sites.read(slug)
            except DatabaseError:  # the page polls, and tries again later
                return False
        return len(origins) == 1 and may_embed(sites or [], origins[0])
