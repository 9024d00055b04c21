"""Which pages may open a socket."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

Scope = MutableMapping[str, Any]
Application = Callable[..., Awaitable[None]]


class SameOrigin:
    """Refuses a foreign Origin before the upgrade (403).

    Pages of this host may connect, those in ``SOCKET_ORIGINS`` too. An absent Origin is let through: what readers
    get is public and no cookie is looked at.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"] if name in (b"origin", b"host")}
        if not is_allowed(headers.get(b"origin"), headers.get(b"host", "")):
            await send({"type": "websocket.close", "code": 4403})
            return
        await self.application(scope, receive, send)


def is_allowed(origin: str | None, host: str) -> bool:
    if origin is None or origin in settings.SOCKET_ORIGINS:
        return True
    return urlsplit(origin).netloc == host
