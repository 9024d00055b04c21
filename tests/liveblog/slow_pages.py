"""Addresses for tests of the threads behind them."""

import asyncio
import threading
from datetime import timedelta
from datetime import timezone as zones

from django.db import connection
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from tests.servers import CEILING
from updates.models import Event
from updates.urls import urlpatterns as site_patterns

running = threading.Semaphore(0)
"""Released by each slow request when it has begun."""

may_end = threading.Event()


def quick(request):
    return HttpResponse("quick")


@csrf_exempt
def slow(request):
    running.release()
    may_end.wait(2 * CEILING)
    return HttpResponse("slow")


def count(request):
    return JsonResponse({"events": Event.objects.count()})


def untidy(request):
    """Leaves behind whatever a request can leave behind."""
    translation.activate("ar")
    timezone.activate(zones(timedelta(hours=7)))
    connection.set_autocommit(False)
    Event.objects.count()
    return here(request)


def here(request):
    return JsonResponse(
        {
            "thread": threading.current_thread().name,
            "language": translation.get_language(),
            "zone": timezone.get_current_timezone_name(),
            "autocommit": connection.get_autocommit(),
        }
    )


def broken(request):
    """The line to the database breaks in the middle of a request."""
    Event.objects.count()
    connection.connection.close()
    return count(request)


closed = threading.Event()
"""Set when a response in pieces was closed."""


async def _pieces(*, is_whole):
    yield "one"
    if not is_whole:
        await asyncio.Event().wait()
    yield "two"


def pieces(request):
    response = StreamingHttpResponse(_pieces(is_whole="whole" in request.GET))
    response._resource_closers.append(closed.set)
    return response


urlpatterns = [
    path("admin/slow", slow),
    path("admin/login/", slow),
    path("admin/updates/event/welcome/x/y/", slow),
    *(path(view.__name__, view) for view in (quick, slow, count, untidy, here, broken, pieces)),
    *site_patterns,  # the page of an error names them
]
