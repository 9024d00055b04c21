"""Who needs a second factor."""

import pytest

from tests.factories import make_editor, make_event, make_member, make_user
from updates.accounts.checks import check_second_factor
from updates.accounts.second_factor_rule import needs_second_factor
from updates.choices import Role

pytestmark = pytest.mark.django_db


def roles():
    event = make_event()
    return {
        "superuser": make_user(superuser=True),
        "editor": make_member(event, Role.EDITOR),
        "creator": make_editor(),
        "moderator": make_member(event, Role.MODERATOR),
        "correspondent": make_member(event),
    }


@pytest.mark.parametrize(
    ("required", "needing"),
    [
        ([], set()),
        (["superusers"], {"superuser"}),
        (["editors"], {"superuser", "editor", "creator"}),
        (["superusers", "editors"], {"superuser", "editor", "creator"}),
        (["everybody"], {"superuser", "editor", "creator", "moderator", "correspondent"}),
    ],
)
def test_who_needs_a_second_factor(settings, required, needing):
    settings.SECOND_FACTOR_FOR = required
    assert {name for name, user in roles().items() if needs_second_factor(user)} == needing


def test_a_check_warns_where_nobody_needs_one(settings):
    settings.SECOND_FACTOR_FOR = []
    assert [warning.id for warning in check_second_factor()] == ["liveblog.W003"]
    settings.SECOND_FACTOR_FOR = ["superusers"]
    assert check_second_factor() == []
