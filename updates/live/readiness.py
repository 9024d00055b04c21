"""What an operator, a load balancer and a monitor ask a process."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from updates import nudge
from updates.cdn import purger

from .consumers import admission
from .hubs import hubs


def readiness(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 – whoever asks
    """200 where this process should get readers, else 503. A Redis that is gone costs time only, and is reported."""
    database = _database()
    ready = database == "ok" and not hubs().is_ending
    found = {
        "ready": ready,
        "database": database,
        "redis": hubs().pulse.health,
        "ending": hubs().is_ending,
        "readers": admission.taken,
        "nudges_failed": nudge.failures,
        "purge": purger.health,
        "purges_failed": purger.failures,
    }
    answer = JsonResponse(found, status=200 if ready else 503)
    answer["Cache-Control"] = "no-store"
    return answer


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "gone"
    return "ok"
