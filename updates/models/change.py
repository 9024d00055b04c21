from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from updates.choices import ChangeKind, Role
from updates.types import User

from .entry import Entry
from .event import Event
from .guard import OutsideOperation, Permanent, PermanentQuerySet


class ChangeQuerySet(PermanentQuerySet["Change"]):
    def visible_to(self, user: User) -> "ChangeQuerySet":
        """The log of the events a user is assigned to; correspondents do not see unpublished entries of others."""
        if user.is_superuser:
            return self
        open_to_all = models.Q(seq__isnull=False) | models.Q(entry=None) | models.Q(entry__author=user)
        moderates = models.Q(event__assignments__role__in=[Role.MODERATOR, Role.EDITOR])
        return self.filter(open_to_all | moderates, event__assignments__user=user)


class Change(Permanent):
    """One row of an event's append-only log.

    ``seq`` numbers what readers see, without holes; ``desk_seq`` numbers everything, so that what only the
    desk may know leaves no gap that a reader could notice.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="changes")
    seq = models.PositiveBigIntegerField(null=True)
    desk_seq = models.PositiveBigIntegerField()
    batch = models.PositiveBigIntegerField(null=True)
    """The first number of the operation, if it took several."""
    kind = models.CharField(_("what"), max_length=12, choices=ChangeKind)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="changes")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"))
    reason = models.TextField(_("reason"), blank=True)
    """Internal: never leaves the desk."""
    note = models.TextField(_("note to readers"), blank=True)
    snapshot = models.JSONField(default=dict)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["event", "-desk_seq"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["id"], condition=models.Q(kind=ChangeKind.INVITE), name="change_invites"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "seq"], name="change_seq_unique"),
            models.UniqueConstraint(fields=["event", "desk_seq"], name="change_desk_seq_unique"),
        ]

    def __str__(self) -> str:
        return f"#{self.seq or '–'} {self.get_kind_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:  # as Django’s own, which has many
        if not self._state.adding:
            raise OutsideOperation("The log is append-only")
        super().save(*args, **kwargs)
