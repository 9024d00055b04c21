"""Types that every layer shares."""

from typing import TYPE_CHECKING, cast

from django.contrib.auth import get_user_model
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import User
else:
    User = get_user_model()  # a project may have a model of its own, derived from AbstractUser

__all__ = ["Actor", "User", "user_of"]

Actor = User | None
"""Who performs an operation; ``None`` is the server itself, such as the scheduler or a command."""


def user_of(request: HttpRequest) -> User:
    """Return the user of a request that the admin has let in.

    ``request.user`` may be anonymous for the type checker; behind ``admin_view`` it is not.
    """
    return cast(User, request.user)
