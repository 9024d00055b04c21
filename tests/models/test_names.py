"""How rows name themselves, in the admin and in the shell."""

import pytest
from django.utils import timezone

from updates import models
from updates.choices import Role
from updates.types import User

NOON = timezone.now().replace(hour=12, minute=0)
GATE = models.Entry(pk=7, title="Gate holds")


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (models.Assignment(user=User(username="ines"), role=Role.EDITOR), "ines, editor"),
        (models.EventMinute(event_id=1, minute=NOON), "1, 12:00"),
        (models.Image(caption="A quay"), "A quay"),
        (models.Image(public_id="abc"), "abc"),
        (models.PendingPurge(key="lists"), "lists"),
        (models.Revision(entry=GATE), "Gate holds"),
        (models.Webhook(url="https://cms.example/in"), "https://cms.example/in"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_rows_have_names(row, name):
    assert str(row).casefold() == name.casefold()
