"""An identifier for each request, in its response and in every line of the log that it causes.

A trusted proxy may have given it one (``X-Request-ID``), which then appears in the proxy's log, too. The identifier
lives in the request's context, which Django's threads share.
"""

import json
import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from secrets import token_hex
from typing import Final

from asgiref.typing import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGISendCallable,
    ASGISendEvent,
    HTTPResponseStartEvent,
    Scope,
)

HEADER: Final = b"x-request-id"
ACCEPTED: Final = re.compile(rb"[0-9A-Za-z._-]{8,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestIds:
    """An ASGI application that gives each HTTP request of ``application`` its identifier.

    ``trusts`` says of an address whether it is a proxy whose identifiers are taken.
    """

    def __init__(self, application: ASGI3Application, trusts: Callable[[str], bool]) -> None:
        self.application = application
        self.trusts = trusts

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        sent = next((value for name, value in scope["headers"] if name.lower() == HEADER), b"")
        is_taken = ACCEPTED.fullmatch(sent) and self.trusts((scope.get("client") or ("", 0))[0])
        identifier = sent if is_taken else token_hex(8).encode()
        request_id.set(identifier.decode())

        async def send_with_id(event: ASGISendEvent) -> None:
            if event["type"] == "http.response.start":
                event = _with_header(event, identifier)
            await send(event)

        await self.application(scope, receive, send_with_id)


def _with_header(event: HTTPResponseStartEvent, identifier: bytes) -> HTTPResponseStartEvent:
    return event | {"headers": [*event["headers"], (HEADER, identifier)]}


class JSONFormatter(logging.Formatter):
    """Writes a record as one line of JSON, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if identifier := request_id.get():
            line["request"] = identifier
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
