"""What happened after a number: for readers that missed something, and for those that cannot hold a socket."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict

from updates.cdn import event_key
from updates.models import Event
from updates.queries import reader_pages
from updates.rendering import as_json, portion

from . import cached_pages

NUMBER = re.compile(r"[0-9]{1,16}")
EPOCH = re.compile(r"[0-9a-zA-Z]{1,16}")

ASKED_BY_MANY = 20
"""Numbers below the head from which readers ask while they poll; older ones are too many to keep answers for."""


MOST_BYTES = 250_000
"""Of the items in one answer. Clients give an answer 20 s, and packed this is some 40 kB: little enough for a line
that carries 20 kbit/s."""


class BadQuestion(ValueError):
    pass


@dataclass(frozen=True)
class Question:
    after: int
    epoch: str
    at: int | None = None
    """The head the reader was told of. Nothing hangs on it here; it keeps shared caches from answering with less."""

    @classmethod
    def of(cls, query: QueryDict) -> "Question":
        epoch = query.get("epoch", "")
        if not EPOCH.fullmatch(epoch):
            raise BadQuestion("epoch: the page names it")
        return cls(_number(query, "after"), epoch, _number(query, "at") if "at" in query else None)


@cached_pages.for_readers
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        question = Question.of(request.GET)
    except BadQuestion as reason:
        return _refused(400, str(reason))
    with reader_pages.snapshot():
        event = reader_pages.public_event(slug)
        if event is None:
            return _refused(404, "no such event")
        if event.epoch != question.epoch:
            return cached_pages.keyed(_other_numbering(event), event_key(slug))
        name = f"{event.epoch}-{event.head}"
        by_many = 0 <= event.head - question.after < ASKED_BY_MANY
        key = f"{settings.RELEASE}-{name}-after{question.after}" if by_many else ""
        answer = cached_pages.data(request, name, lambda: _answer(event, question.after), key)
        return cached_pages.keyed(answer, event_key(slug))


def _answer(event: Event, after: int) -> str:
    found, items = portion(event, after, MOST_BYTES)
    answer = {
        "epoch": event.epoch,
        "head": event.head,
        "upto": found.upto,
        "items": items,
        "more": found.more,
        "count": event.entry_count,
        "status": event.status,
    }
    return as_json(answer)


def _other_numbering(event: Event) -> HttpResponse:
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
        raise BadQuestion(f"{name}: a number, please")
    return int(text)
