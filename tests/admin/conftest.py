import pytest

from tests.factories import make_event, make_member
from updates.choices import Role
from updates.models import Person


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Pictures of a test go with it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    private = settings.STORAGES["private"] | {"OPTIONS": {"location": tmp_path / "private", "base_url": None}}
    settings.STORAGES = settings.STORAGES | {"private": private}


@pytest.fixture
def event(db):
    return make_event(title="Storm Maren")


@pytest.fixture
def noor(event):
    """A correspondent who signs with her own name."""
    user = make_member(event, Role.CORRESPONDENT, "noor")
    Person.objects.create(name="Noor Hadad", role_line="Weather editor", user=user)
    return user


@pytest.fixture
def tomas(event):
    return make_member(event, Role.MODERATOR, "tomas")


@pytest.fixture
def desk(client, noor):
    """Noor's browser."""
    client.force_login(noor)
    return client
