"""Short answers that come from no view: the server refuses a request before Django sees it."""

import json
from http import HTTPStatus

from asgiref.typing import ASGISendCallable

from liveblog.security import REFUSAL_HEADERS

TEXT = {"content-type": "text/plain; charset=utf-8"}
PROBLEM = {"content-type": "application/problem+json", "access-control-allow-origin": "*"}
"""Headers of a refusal that a script of another site can read, as all answers of the API."""


async def refuse(send: ASGISendCallable, status: int, text: str, retry_after: int, *, as_problem: bool = False) -> None:
    kind = PROBLEM if as_problem else TEXT
    every = REFUSAL_HEADERS | kind | {"cache-control": "no-store", "retry-after": str(retry_after)}
    headers = [(name.lower().encode(), value.encode()) for name, value in every.items()]
    body = _problem(status, text) if as_problem else text
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": body.encode(), "more_body": False})


def _problem(status: int, detail: str) -> str:
    """Return a refusal in the form of ``updates/views/api/problems.py``."""
    title = HTTPStatus(status).phrase
    return json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
