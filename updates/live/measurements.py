"""The measurements of this process, for Prometheus."""

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST

from updates import cdn, metrics, websub

from . import admission
from .hubs import Hubs, hubs
from .readiness import absent, may_ask
from .redis_health import Health


def measurements(request: HttpRequest) -> HttpResponse:
    """Respond to those who may also ask whether the process is ready; 404 to others."""
    if not may_ask(request):
        return absent()
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


@metrics.sampler
def _measure() -> None:
    measure_hubs(hubs())
    metrics.READERS.set(admission.readers.taken)
    metrics.DESKS.set(admission.desks.taken)
    for name, calls in (("purge", cdn.purges), ("websub", websub.pings)):
        metrics.CALLS_WAITING.labels(name).set(calls.waiting)
        metrics.CALLS_FAILING.labels(name).set(calls.is_failing)


def measure_hubs(of: Hubs) -> None:
    followed = list(of)
    metrics.HUBS.set(len(followed))
    metrics.BACKLOG.set(sum(len(hub.backlog) for hub in followed))
    metrics.REDIS_GONE.set(of.redis.health == Health.GONE)
