"""Short answers that come from no view: the server refuses a request before Django sees it."""

from asgiref.typing import ASGISendCallable

from liveblog.security import REFUSAL_HEADERS


async def refuse(send: ASGISendCallable, status: int, text: str, retry_after: int) -> None:
    headers = [
        *((name.lower().encode(), value.encode()) for name, value in REFUSAL_HEADERS.items()),
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"retry-after", str(retry_after).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": text.encode(), "more_body": False})
