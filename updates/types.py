"""Types that every layer shares."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest

__all__ = ["Actor", "User", "user_of"]

Actor = User | None
"""Who performs an operation; ``None`` is the server itself, such as the scheduler or a command."""


def user_of(request: HttpRequest) -> User:
    """Return the user of a request that the admin has let in.

    ``request.user`` may be anonymous for the type checker; behind ``admin_view`` it is not.
    """
    return cast(User, request.user)
