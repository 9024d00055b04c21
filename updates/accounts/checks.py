"""System checks of accounts."""

from collections.abc import Sequence

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from updates.types import User

from .demo_accounts import DEMO_GROUP


@checks.register(checks.Tags.security, deploy=True)
def check_second_factor(**_options: object) -> list[checks.CheckMessage]:
    if settings.SECOND_FACTOR_FOR:
        return []
    hint = "Set SECOND_FACTOR_FOR=superusers,editors."
    return [checks.Warning("Nobody needs a second factor to log in.", hint, id="liveblog.W003")]


@checks.register(checks.Tags.security, deploy=True)
def check_demo_is_absent(**_options: object) -> list[checks.CheckMessage]:
    if not apps.is_installed("updates.demo"):
        return []
    hint = "Set EXTRA_APPS without “demo”. Its accounts are then shut."
    return [checks.Warning("The log names the passwords of the demo’s accounts.", hint, id="liveblog.W001")]


@checks.register(checks.Tags.database)
def check_demo_accounts(*, databases: Sequence[str] | None = None, **_options: object) -> list[checks.CheckMessage]:
    """Name the accounts that the demo has left; run by ``migrate`` and ``check --database default``."""
    if not databases or apps.is_installed("updates.demo"):
        return []
    try:
        names = list(User.objects.filter(groups__name=DEMO_GROUP, is_active=True).values_list("username", flat=True))
    except DatabaseError:  # before the first migration there is no table
        return []
    if not names:
        return []
    hint = f"Deactivate them, or remove those that you keep from the group “{DEMO_GROUP}” and give them a password."
    return [checks.Warning(f"Accounts of the demo are left, and shut: {', '.join(names)}.", hint, id="liveblog.W002")]
