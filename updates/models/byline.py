from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from updates.types import Actor

from .entry import Entry
from .guard import Guarded, GuardedQuerySet
from .image import Image


def display_name(user: Actor) -> str:
    """Full name, or the username where none is set; empty for the server."""
    return "" if user is None else user.get_full_name() or user.get_username()


check_page = URLValidator(["https", "http"])


class Person(models.Model):
    """Somebody who signs entries; not everybody who signs has an account."""

    name = models.CharField(_("name"), max_length=120)
    role_line = models.CharField(_("role line"), max_length=120, blank=True, help_text=_("For example: Weather editor"))
    page = models.URLField(_("web page"), max_length=500, blank=True, validators=[check_page])
    photo = models.ForeignKey(Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("photo"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
        help_text=_("Updates by this account are signed with this name unless another is chosen."),
    )

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")

    def __str__(self) -> str:
        return f"{self.name}, {self.role_line}" if self.role_line else self.name


class Byline(Guarded):
    """One name at the foot of one entry."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="bylines")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0, db_default=0)

    objects = GuardedQuerySet["Byline"].as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["entry", "person"], name="byline_once")]

    def __str__(self) -> str:
        return str(self.person)
