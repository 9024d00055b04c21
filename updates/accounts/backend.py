"""Who may sign in, and stay signed in."""

from axes.backends import AxesStandaloneBackend
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from updates.types import User

from .demo_accounts import open_accounts


class AccountBackend(AxesStandaloneBackend, ModelBackend):  # type: ignore[misc]  # axes has no types
    """Django's backend, locked after failures, and without the demo's accounts where the demo is not installed."""

    def authenticate(  # type: ignore[override]  # as ModelBackend does
        self, request: HttpRequest, username: str | None = None, password: str | None = None, **options: object
    ) -> User | None:
        AxesStandaloneBackend.authenticate(self, request, username, password, **options)  # raises where it is locked
        user = ModelBackend.authenticate(self, request, username, password, **options)
        return user if user and open_accounts().filter(pk=user.pk).exists() else None

    def get_user(self, user_id: int) -> User | None:
        user = open_accounts().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
