import pytest
from django.contrib.auth.models import User

from tests.factories import make_event
from tests.permissions.roles import ROLES
from updates import publishing
from updates.choices import Role


@pytest.fixture
def boss(db):
    return User.objects.create(username="boss", is_superuser=True)


@pytest.fixture(params=ROLES)
def who(request, event, boss):
    """Somebody of each role, who has its name."""
    user = User.objects.create(username=request.param, is_superuser=request.param == "superuser")
    if request.param == "other event":
        publishing.assign(make_event().pk, user, Role.EDITOR, boss)
    elif request.param in Role.values:
        publishing.assign(event.pk, user, Role(request.param), boss)
    return user
