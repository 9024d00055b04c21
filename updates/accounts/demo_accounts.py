"""Accounts of the demo newsroom. Their passwords are printed at each start, so they are shut without the demo."""

from django.apps import apps
from django.db.models import QuerySet

from updates.types import User

DEMO_GROUP = "Demo newsroom"
"""Group of all demo accounts."""


def open_accounts() -> QuerySet[User]:
    """Return the accounts that may sign in, as far as the demo is concerned."""
    accounts = User.objects.all()
    return accounts if apps.is_installed("updates.demo") else accounts.exclude(groups__name=DEMO_GROUP)
