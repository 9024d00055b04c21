from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from updates.choices import RESERVED_SLUGS, EventStatus, new_epoch
from updates.types import User

from .guard import Permanent, PermanentQuerySet


def check_slug_is_free(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s” is an address of the site itself. Choose another."), params={"slug": slug})


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is no time zone, as for example Europe/London is."), params={"name": name})


class EventQuerySet(PermanentQuerySet["Event"]):
    def public(self) -> "EventQuerySet":
        """Events that readers may know of."""
        return self.exclude(status=EventStatus.DRAFT)

    def listed(self) -> "EventQuerySet":
        """Public events that are on the site's own lists, too."""
        return self.public().filter(is_listed=True)

    def now(self) -> "EventQuerySet":
        return self.filter(status=EventStatus.LIVE).order_by("-started_at", "-pk")

    def coming_up(self) -> "EventQuerySet":
        waiting = [EventStatus.UPCOMING, EventStatus.POSTPONED, EventStatus.CANCELLED]
        return self.filter(status__in=waiting).order_by(models.F("planned_start").asc(nulls_last=True), "pk")

    def ended(self) -> "EventQuerySet":
        return self.filter(status=EventStatus.ENDED).order_by("-ended_at", "-pk")

    def of(self, user: User) -> "EventQuerySet":
        """Events a user is assigned to; all of them for a superuser."""
        return self if user.is_superuser else self.filter(assignments__user=user)


class Event(Permanent):
    """One live blog, with the counters that number its changes."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("address"), unique=True, max_length=80, validators=[check_slug_is_free, RegexValidator(r"\A[a-z0-9-]+\Z")],
        help_text=_("The last part of the page’s address: small letters, digits and hyphens."),
    )  # fmt: skip
    standfirst = models.TextField(_("standfirst"), blank=True)
    byline = models.CharField(
        _("byline"), max_length=200, blank=True, help_text=_("As it should read: Ines Calder and Noor Hadad")
    )
    key_points = models.JSONField(_("what we know"), default=list, blank=True)
    key_points_at = models.DateTimeField(null=True, editable=False)
    lead_picture = models.ForeignKey(
        "updates.Image",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead picture"),
    )
    lead = models.JSONField(default=dict, blank=True, editable=False)
    """The lead picture as readers need it, so that a page does not ask for it."""

    language = models.CharField(
        _("language"), max_length=12, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=settings.TIME_ZONE, validators=[check_time_zone]
    )
    page_size = models.PositiveSmallIntegerField(
        _("updates per page"), default=10, db_default=10, validators=[MinValueValidator(2), MaxValueValidator(100)]
    )
    shows_ads = models.BooleanField(_("advertisements"), default=True, db_default=True)
    shows_reader_count = models.BooleanField(
        _("number of readers"),
        default=False,
        db_default=False,
        help_text=_("Roughly, and from ten on: “about 1,200 reading”."),
    )
    shows_writing = models.BooleanField(
        _("that somebody is writing"),
        default=False,
        db_default=False,
        help_text=_(
            "“Somebody is writing …” above the newest update. Never once a time to publish is set in the form."
        ),
    )
    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        db_default=False,
        help_text=_("No advertisements, no number of readers and no motion beside grave news."),
    )
    is_listed = models.BooleanField(
        _("listed"),
        default=True,
        db_default=True,
        help_text=_("Else only who has the address finds it, and search engines leave it out: for a rehearsal."),
    )
    direct_publishing = models.BooleanField(_("correspondents publish directly"), default=True, db_default=True)

    status = models.CharField(
        _("state"), max_length=12, choices=EventStatus, default=EventStatus.DRAFT, db_default=EventStatus.DRAFT
    )
    ends_after = models.PositiveSmallIntegerField(
        _("ends by itself"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 7)],
        help_text=_("After so many hours without an update, unless something is submitted or scheduled. Empty: never."),
    )
    status_note = models.CharField(_("note to readers"), max_length=300, blank=True)
    planned_start = models.DateTimeField(_("planned start"), null=True, blank=True)
    started_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    epoch = models.CharField(max_length=16, default=new_epoch, editable=False)
    head = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    desk_head = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    seq = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    """The newest change of the event itself, as opposed to its entries'."""
    last_kind = models.CharField(max_length=12, default="create", db_default="create", editable=False)
    ordinals = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """How many places in the order were ever given; never falls, so that archive pages never shift."""
    entry_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-created_at", "-pk"]
        verbose_name = _("live blog")
        verbose_name_plural = _("live blogs")
        indexes = [models.Index(fields=["status", "-ended_at"], name="event_by_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"

    @property
    def is_public(self) -> bool:
        return self.status != EventStatus.DRAFT

    @property
    def is_live(self) -> bool:
        return self.status == EventStatus.LIVE

    @property
    def takes_updates(self) -> bool:
        """At once, or with “Go live and publish”; elsewhere a new update has to wait for another state."""
        return self.status in {EventStatus.DRAFT, EventStatus.UPCOMING, EventStatus.LIVE}

    @property
    def has_ended(self) -> bool:
        return self.status == EventStatus.ENDED

    @property
    def has_ad_slots(self) -> bool:
        return self.shows_ads and not self.sensitive

    @property
    def has_reader_count(self) -> bool:
        return self.shows_reader_count and self.is_live and not self.sensitive

    @property
    def has_writing_line(self) -> bool:
        return self.shows_writing and self.is_live
