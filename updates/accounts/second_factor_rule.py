"""Decides whose account needs a second factor."""

from collections.abc import Collection

from django.conf import settings
from django.db.models import Q

from updates.choices import Role
from updates.permissions import EDITORS_GROUP
from updates.types import User


def needs_second_factor(user: User) -> bool:
    return user.pk in who_needs_second_factor([user])


def who_needs_second_factor(users: Collection[User]) -> set[int]:
    """Return the primary keys of the users who need one, by ``SECOND_FACTOR_FOR``."""
    required = settings.SECOND_FACTOR_FOR
    if not required:
        return set()
    if "everybody" in required:
        return {user.pk for user in users}
    needing = {user.pk for user in users if user.is_superuser}
    if "editors" in required:
        editors = Q(assignments__role=Role.EDITOR) | Q(groups__name=EDITORS_GROUP)
        needing |= {*User.objects.filter(editors, pk__in=[user.pk for user in users]).values_list("pk", flat=True)}
    return needing
