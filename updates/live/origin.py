"""Which pages may open a socket."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, WebSocketScope
from channels.security.websocket import OriginValidator


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
        if self.allows(scope["headers"]):
            await self.application(scope, receive, send)
        else:  # the denier of Channels would subscribe to Redis before it refuses
            await send({"type": "websocket.close", "code": 4403, "reason": None})

    def allows(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        sent = {name: value.decode("latin-1").lower() for name, value in headers if name in (b"origin", b"host")}
        if b"origin" not in sent:
            return not self.is_required
        try:
            origin = urlsplit(sent[b"origin"])
            return origin.netloc == sent.get(b"host") or self.validate_origin(origin) is True
        except ValueError:  # brackets or a port that are no address
            return False
