"""Refuses requests with the character U+0000: PostgreSQL stores and compares none, SQLite does.

Forms refuse it by themselves, with a sentence at the field; so do readers' addresses and the API, which name the
parameter.
"""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

_REASON = "A null character is no text"


class NullCharacters:
    """Middleware that answers 400 to such a parameter of the desk, and where the database refuses one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        match = request.resolver_match
        if match and match.app_name == "admin" and "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest(_REASON)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, DataError) and "NUL" in str(exception):
            raise BadRequest(_REASON) from exception
