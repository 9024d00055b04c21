"""Permissions that the admin's index and lists check many times in one request."""

from collections.abc import Callable

from django.http import HttpRequest

from updates.models import Event
from updates.permissions import edits_somewhere, may_create_event
from updates.types import User, user_of


def works_here(request: HttpRequest) -> bool:
    """Return whether the user is assigned to any live blog."""
    return _once(request, "_works_here", lambda user: user.is_active and Event.objects.of(user).exists())


def creates_events(request: HttpRequest) -> bool:
    return _once(request, "_creates_events", may_create_event)


def manages_bylines(request: HttpRequest) -> bool:
    return creates_events(request) or _once(request, "_edits_somewhere", edits_somewhere)


def _once(request: HttpRequest, name: str, check: Callable[[User], bool]) -> bool:
    """Check once per request: Django's admin asks for the same permission some twenty times per page."""
    answers = request.__dict__
    if name not in answers:
        answers[name] = check(user_of(request))
    return bool(answers[name])
