"""What the admin's index and lists ask again and again within one request."""

from typing import Any

from django.http import HttpRequest

from updates.models import Event
from updates.permissions import edits_somewhere, may_create_event


def works_here(request: HttpRequest) -> bool:
    """Whether somebody is assigned anywhere."""
    return _once(request, "_works_here", lambda user: user.is_active and Event.objects.of(user).exists())


def creates_events(request: HttpRequest) -> bool:
    return _once(request, "_creates_events", may_create_event)


def manages_bylines(request: HttpRequest) -> bool:
    return creates_events(request) or _once(request, "_edits_somewhere", edits_somewhere)


def _once(request: HttpRequest, name: str, ask: Any) -> bool:
    """Django's admin asks for the same permission some twenty times per page."""
    answers = request.__dict__
    if name not in answers:
        answers[name] = bool(ask(request.user))
    return bool(answers[name])
