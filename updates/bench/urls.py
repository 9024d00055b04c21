"""Addresses of the product, and one that publishes an update, which a random token protects."""

import os
from functools import cache

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from updates import publishing

from .events import AUTHOR, content


@csrf_exempt  # the token in the address protects it
@require_POST
def publish(request: HttpRequest, event_id: int) -> HttpResponse:  # noqa: ARG001 – a view
    publishing.publish(event_id, content(1), author())
    return HttpResponse(status=204)


@cache
def author() -> User:
    return User.objects.get(username=AUTHOR)


urlpatterns = [
    path(f"bench/{os.environ['BENCH_TOKEN']}/publish/<int:event_id>", publish),
    path("", include("liveblog.urls")),
]
