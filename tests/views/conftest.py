import pytest

from tests.factories import NOON, make_event


@pytest.fixture
def event(db):
    return make_event(title="Storm Maren", time_zone="Europe/Berlin", at=NOON)


@pytest.fixture
def editor(event):
    return event.assignments.get().user
