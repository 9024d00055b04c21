"""A live blog, its editor, and a correspondent."""

import pytest

from tests.factories import editor_of, make_event, make_member


@pytest.fixture
def event():
    return make_event()


@pytest.fixture
def boss(event):
    return editor_of(event)


@pytest.fixture
def noor(event):
    return make_member(event)
