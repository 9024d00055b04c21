from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from updates.choices import Role

from .event import Event
from .guard import Guarded, GuardedQuerySet


class Assignment(Guarded):
    """The role of a user in one event."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="assignments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=14, choices=Role)

    objects = GuardedQuerySet["Assignment"].as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"
