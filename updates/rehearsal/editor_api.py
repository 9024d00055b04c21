"""Views inside the server processes that perform the operations of the rehearsal's editors.

Operations and nudges are those of the product.
"""

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from updates import nudge, publishing
from updates.choices import ChangeKind
from updates.models import Entry, Event
from updates.publishing import EntryContent, EntryInput, EventDetails, NewerVersion, Refused, TextContent

EDITOR = "rehearsal"
"""Username of the account that performs all operations."""

Message = dict[str, str]
"""``operation``, the slug of the event, and what the operation needs."""

Answer = dict[str, str | int]

statements: Counter[str] = Counter()
"""Number of SQL statements of this process: by ``tick`` of the hubs, for ``figures``, by ``hub`` otherwise, and by
``requests``.
"""

FIGURES = ("updates_readercount", "updates_eventminute", "updates_delivery")
"""Tables of numbers of readers and receipts, which are written at intervals, however many sockets there are."""


@csrf_exempt  # the token in the address protects it
@require_POST
def act(request: HttpRequest) -> JsonResponse:
    """Perform one operation. 409 means refused; on any other error the editor tries again."""
    message = json.loads(request.body)
    if message.get("kill"):
        nudge.listen(_kill_process)
    try:
        return JsonResponse(OPERATIONS[message["operation"]](message))
    except OperationalError as error:
        return JsonResponse({"error": str(error)}, status=503)
    except (Refused, NewerVersion, ValidationError, Entry.DoesNotExist) as error:
        return JsonResponse({"error": str(error)}, status=409)


def _kill_process(_event_id: int) -> None:
    """Run instead of the nudge: the change is committed, but no process learns of it."""
    os.kill(os.getpid(), signal.SIGKILL)


def _set_up(message: Message) -> Answer:
    user, is_new = User.objects.get_or_create(username=EDITOR, is_superuser=True, is_staff=True)
    if is_new:  # hashing takes a third of a second
        user.set_password(message["password"])
        user.save()
    event = publishing.create_event(EventDetails(title=message["title"], slug=message["slug"]), user)
    publishing.change_state(event.pk, ChangeKind.OPEN, user)
    return {"event": event.pk}


def _publish(message: Message) -> Answer:
    event = Event.objects.get(slug=message["slug"])
    content = EntryContent(message["headline"], (TextContent(message["html"]),))
    result = publishing.publish(event.pk, content, _editor(), key=message["key"])
    return {"id": result.entry.public_id}


def _schedule(message: Message) -> Answer:
    event = Event.objects.get(slug=message["slug"])
    content = EntryContent(message["headline"], (TextContent(message["html"]),))
    when = datetime.fromtimestamp(float(message["due"]), UTC)
    result = publishing.schedule(EntryInput(event.pk, content, key=message["key"]), _editor(), when)
    return {"id": result.entry.public_id}


def _rewrite(message: Message) -> Answer:
    content = EntryContent(message["headline"], (TextContent(message["html"]),), is_key=_entry(message).is_key)
    if message["operation"] == "correct":
        publishing.correct(_entry(message).pk, content, message["note"], _editor())
    else:
        publishing.edit(_entry(message).pk, content, _editor())
    return {}


def _details(message: Message) -> Answer:
    event = Event.objects.get(slug=message["slug"])
    publishing.change_event(event.pk, EventDetails(title=message["title"], key_points=(message["html"],)), _editor())
    return {}


def _moderate(operation: Callable[..., Entry], **options: object) -> Callable[[Message], Answer]:
    def run(message: Message) -> Answer:
        operation(_entry(message).pk, _editor(), **options)
        return {}

    return run


def _remove(message: Message) -> Answer:
    publishing.remove(_entry(message).pk, _editor(), reason="rehearsal", reader_note=message["note"])
    return {}


def _move(message: Message) -> Answer:
    above = Entry.objects.get(public_id=message["above"]).pk
    publishing.move(_entry(message).pk, _editor(), above=above)
    return {}


OPERATIONS: dict[str, Callable[[Message], Answer]] = {
    "set up": _set_up,
    "publish": _publish,
    "schedule": _schedule,
    "edit": _rewrite,
    "correct": _rewrite,
    "details": _details,
    "pin": _moderate(publishing.pin),
    "unpin": _moderate(publishing.unpin),
    "key": _moderate(publishing.mark_key, is_key=True),
    "unkey": _moderate(publishing.mark_key, is_key=False),
    "remove": _remove,
    "restore": _moderate(publishing.restore),
    "move": _move,
}


def _entry(message: Message) -> Entry:
    return Entry.objects.get(public_id=message["id"])


def _editor() -> User:
    return User.objects.get(username=EDITOR)


# Counting of SQL statements


def queries(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 – a view
    return JsonResponse(statements)


def _count(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
    statements[_kind(sql)] += 1
    return execute(sql, params, many, context)


def _kind(sql: str) -> str:
    if not threading.current_thread().name.startswith("hub"):
        return "requests"
    if sql.startswith("BEGIN") or any(table in sql for table in FIGURES):
        return "figures"
    is_tick = '"updates_event"."head"' in sql and '"updates_event"."title"' not in sql
    return "tick" if is_tick else "hub"


def _count_on(connection: BaseDatabaseWrapper, **_: object) -> None:
    if _count not in connection.execute_wrappers:  # wrappers stay when the connection reconnects
        connection.execute_wrappers.append(_count)


connection_created.connect(_count_on, dispatch_uid="rehearsal")
