"""A live blog, and its editor."""

import pytest

from tests.factories import editor_of, make_event


@pytest.fixture
def event():
    return make_event()


@pytest.fixture
def boss(event):
    return editor_of(event)
