"""Refuses requests with the character U+0000: PostgreSQL stores and compares none, SQLite does.

Forms refuse it by themselves, with a sentence at the field.
"""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

_REASON = "A null character is no text"


class NullCharacters:
    """Middleware that answers 400 to an address with such a parameter, and where the database refuses one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest(_REASON)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, DataError) and "NUL" in str(exception):
            raise BadRequest(_REASON) from exception
