"""Lists of many pages, ``?page=2`` and so on: the archive and the corrections."""

import re
from collections.abc import Callable, Sequence

from django.http import Http404, HttpRequest, HttpResponse

from updates.cdn import LISTS
from updates.models import Entry, Event
from updates.site_address import site_address
from updates.untyped import Context

from . import cached_pages

_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


def page_number(request: HttpRequest) -> int:
    """Return the number of a page of a list; anything but a number is 404."""
    text = request.GET.get("page", "1")
    if not _PAGE_NUMBER.fullmatch(text):
        raise Http404(f"page {text}")
    return int(text)


def numbered_page(
    request: HttpRequest,
    kind: str,
    rows: Sequence[Event] | Sequence[Entry],
    *,
    state: str,
    has_more: bool,
    context: Callable[[], Context],
) -> HttpResponse:
    """Respond with a page of a list. A page without any rows is 404, except the first.

    ``state`` changes when anything on the page changes; ``context`` has what the page shows of the rows.
    """
    number = page_number(request)
    if not rows and number > 1:
        raise Http404(f"page {number}")

    def whole_context() -> Context:
        return context() | {
            "origin": site_address(request),
            "address": request.path + (f"?page={number}" if number > 1 else ""),
            "number": number,
            "newer": number - 1,
            "older": number + 1 if has_more else None,
        }

    name = f"{kind}{number}-{state}{'+' if has_more else ''}"
    return cached_pages.keyed(cached_pages.page(request, name, f"updates/{kind}.html", whole_context), LISTS)
