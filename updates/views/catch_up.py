"""Catch-up: changes after a number, for readers that missed something or have no socket."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict

from updates.cdn import event_key
from updates.metrics import CATCH_UPS
from updates.models import Event
from updates.queries import reader_pages
from updates.rendering import as_json, portion

from . import cached_pages

NUMBER = re.compile(r"[0-9]{1,16}")
EPOCH = re.compile(r"[0-9a-zA-Z]{1,16}")

SHARED = 20
"""How far below the head polling readers usually are. Responses to older numbers are not cached."""

MOST_BYTES = 250_000
"""Bytes of the items in one response. Clients wait 20 s; compressed, this is some 40 kB, which 20 kbit/s transfer in
that time.
"""


class BadQuery(ValueError):
    pass


@dataclass(frozen=True)
class CatchUpQuery:
    after: int
    epoch: str
    at: int | None = None
    """The head that the reader knows. It only makes shared caches pass the request on, and is not used here."""

    @classmethod
    def of(cls, query: QueryDict) -> "CatchUpQuery":
        epoch = query.get("epoch", "")
        if not EPOCH.fullmatch(epoch):
            raise BadQuery("epoch: take it from the page")
        return cls(_number(query, "after"), epoch, _number(query, "at") if "at" in query else None)


@cached_pages.depends_on_position
@cached_pages.for_readers
@cached_pages.for_other_sites
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        catch_up = CatchUpQuery.of(request.GET)
    except BadQuery as reason:
        return _refused(400, str(reason))
    with reader_pages.snapshot():
        event = reader_pages.public_event(slug)
        if event is None:
            return _refused(404, "no such event")
        if event.epoch != catch_up.epoch:
            CATCH_UPS.labels("reset").inc()
            return cached_pages.keyed(_reset(event), event_key(slug))
        name = f"{event.epoch}-{event.head}"
        shared = 0 <= event.head - catch_up.after < SHARED
        key = f"{settings.RELEASE}-{name}-after{catch_up.after}" if shared else ""
        answer = cached_pages.data(request, name, lambda: _answer(event, catch_up.after), key)
        CATCH_UPS.labels("changes" if event.head > catch_up.after else "nothing").inc()
        return cached_pages.keyed(answer, event_key(slug))


def _answer(event: Event, after: int) -> str:
    part, items = portion(event, after, MOST_BYTES)
    answer = {
        "epoch": event.epoch,
        "head": event.head,
        "upto": part.upto,
        "items": items,
        "more": part.more,
        "count": event.entry_count,
        "status": event.status,
    }
    return as_json(answer)


def _reset(event: Event) -> HttpResponse:
    response = JsonResponse({"epoch": event.epoch, "head": event.head, "reset": True})
    response["Cache-Control"] = cached_pages.CHANGES
    return response


def _refused(status: int, reason: str) -> HttpResponse:
    response = JsonResponse({"error": reason}, status=status)
    response["Cache-Control"] = "no-cache"
    return response


def _number(query: QueryDict, name: str) -> int:
    text = query.get(name, "")
    if not NUMBER.fullmatch(text):
        raise BadQuery(f"{name}: a number, please")
    return int(text)
