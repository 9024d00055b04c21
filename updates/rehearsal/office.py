"""Where a rehearsal's editors post, inside the server processes: operations and nudges are the real ones."""

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.backends.signals import connection_created
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from updates import nudge, publishing
from updates.choices import ChangeKind
from updates.models import Entry, Event
from updates.publishing import EntryContent, EventDetails, NewerVersion, Refused, TextContent

EDITOR = "rehearsal"

counted: Counter[str] = Counter()
"""SQL statements of this process: those of the hubs' tick, of the hubs besides, and of requests."""


@csrf_exempt  # whoever knows the token may post
@require_POST
def act(request: HttpRequest) -> JsonResponse:
    """One operation. 409 says why it was refused; anything else that is not 200 is to be tried again."""
    given = json.loads(request.body)
    if given.get("dies"):
        nudge.listen(_die)
    try:
        return JsonResponse(OPERATIONS[given["do"]](given))
    except OperationalError as error:
        return JsonResponse({"error": str(error)}, status=503)
    except (Refused, NewerVersion, ValidationError, Entry.DoesNotExist) as error:
        return JsonResponse({"error": str(error)}, status=409)


def _die(_event_id: int) -> None:
    """In the place of the nudge: the change is committed, and nobody is told."""
    os.kill(os.getpid(), signal.SIGKILL)


def _set_up(given: dict[str, Any]) -> dict[str, Any]:
    user, _ = get_user_model().objects.get_or_create(username=EDITOR, is_superuser=True, is_staff=True)
    event = publishing.create_event(EventDetails(title=given["title"], slug=given["slug"]), user)
    return _standing(publishing.change_state(event.pk, ChangeKind.OPEN, user))


def _publish(given: dict[str, Any]) -> dict[str, Any]:
    event = Event.objects.get(slug=given["slug"])
    content = EntryContent(given["headline"], (TextContent(given["html"]),))
    posted = publishing.publish(event.pk, content, _editor(), key=given["key"])
    return {"id": posted.entry.public_id}


def _rewrite(given: dict[str, Any]) -> dict[str, Any]:
    content = EntryContent(given["headline"], (TextContent(given["html"]),), is_key=_entry(given).is_key)
    if given["do"] == "correct":
        publishing.correct(_entry(given).pk, content, given["note"], _editor())
    else:
        publishing.edit(_entry(given).pk, content, _editor())
    return {}


def _details(given: dict[str, Any]) -> dict[str, Any]:
    event = Event.objects.get(slug=given["slug"])
    publishing.change_event(event.pk, EventDetails(title=given["title"], key_points=(given["html"],)), _editor())
    return {}


def _moderate(operation: Callable[..., Any], **options: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def run(given: dict[str, Any]) -> dict[str, Any]:
        operation(_entry(given).pk, _editor(), **options)
        return {}

    return run


def _remove(given: dict[str, Any]) -> dict[str, Any]:
    publishing.remove(_entry(given).pk, _editor(), reason="rehearsal", reader_note=given["note"])
    return {}


def _move(given: dict[str, Any]) -> dict[str, Any]:
    above = Entry.objects.get(public_id=given["above"]).pk
    publishing.move(_entry(given).pk, _editor(), above=above)
    return {}


OPERATIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "set up": _set_up,
    "publish": _publish,
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


def _entry(given: dict[str, Any]) -> Entry:
    return Entry.objects.get(public_id=given["id"])


def _editor() -> Any:
    return get_user_model().objects.get(username=EDITOR)


def _standing(event: Event) -> dict[str, Any]:
    return {"epoch": event.epoch, "head": event.head}


# What the process asks its database


def queries(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 – whoever knows the token
    return JsonResponse(counted)


def _count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    by_hub = threading.current_thread().name.startswith("hub")
    is_tick = by_hub and '"updates_event"."head"' in sql and '"updates_event"."title"' not in sql
    counted["tick" if is_tick else "hub" if by_hub else "requests"] += 1
    return execute(sql, params, many, context)


def _count_on(connection: Any, **_: Any) -> None:
    if _count not in connection.execute_wrappers:  # they stay when it connects anew
        connection.execute_wrappers.append(_count)


connection_created.connect(_count_on, dispatch_uid="rehearsal")
