from itertools import count
from typing import TypedDict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from updates.choices import OVER, RESERVED_SLUGS, EventStatus, Role, new_epoch
from updates.content.slug import slug_of
from updates.embedding import check_sites
from updates.languages import LONGEST, check_language
from updates.types import User
from updates.zones import zone_names

from .guard import Permanent, PermanentQuerySet

LONG_HEAD = 155
"""Characters; a title has some 18 in a line of a phone, a standfirst some 40."""

LONG_STANDFIRST = 160


def check_slug_is_free(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(
            _("“%(slug)s” is used by the site itself. Choose another address."), params={"slug": slug}
        )


def check_time_zone(name: str) -> None:
    if name not in zone_names():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Enter one such as Europe/London."), params={"name": name}
        )


class TranslationJSON(TypedDict):
    """Another live blog with the same content in another language."""

    slug: str
    language: str


class EventQuerySet(PermanentQuerySet["Event"]):
    def free_slug(self, title: str) -> str:
        """Return an address for a new event from its title, with a number if another event has it."""
        slug = slug_of(title)
        taken = {*RESERVED_SLUGS, *self.filter(slug__startswith=slug[:70]).values_list("slug", flat=True)}
        numbered = (f"{slug[:70].rstrip('-')}-{number}" for number in count(2))
        return slug if slug not in taken else next(name for name in numbered if name not in taken)

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

    def at_work(self) -> "EventQuerySet":
        """Events that are live or not yet, the live and the newest first."""
        is_live = models.Case(models.When(status=EventStatus.LIVE, then=1), default=0)
        return self.exclude(status__in=OVER).order_by(is_live.desc(), "-created_at", "-pk")

    def of(self, user: User) -> "EventQuerySet":
        """Events a user is assigned to; all of them for a superuser."""
        return self if user.is_superuser else self.filter(assignments__user=user)

    def edited_by(self, user: User) -> "EventQuerySet":
        """Events whose editor a user is; all of them for a superuser."""
        return self if user.is_superuser else self.filter(assignments__user=user, assignments__role=Role.EDITOR)


class Event(Permanent):
    """One live blog, with the counters that number its changes."""

    title = models.CharField(_("title"), max_length=200, help_text=_("The headline of the page, also in lists."))
    slug = models.SlugField(
        _("address"), unique=True, max_length=80, validators=[check_slug_is_free, RegexValidator(r"\A[a-z0-9-]+\Z")],
        help_text=_("The last part of the page’s address: lowercase letters, digits and hyphens."),
    )  # fmt: skip
    standfirst = models.TextField(_("standfirst"), blank=True, help_text=_("A short summary below the title."))
    byline = models.CharField(
        _("byline"),
        max_length=200,
        blank=True,
        help_text=_("The names exactly as readers should see them. For example: Ines Calder and Noor Hadad"),
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
    """The lead picture as JSON, so that a page needs no query for it."""

    language = models.CharField(
        _("language"),
        max_length=LONGEST,
        default=settings.LANGUAGE_CODE,
        validators=[check_language],
        help_text=_("The language of the updates, such as en, ar, ru or pt-BR."),
    )
    translation_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("translation of"),
        help_text=_("The same live blog in its first language. Readers and search engines find each from the others."),
    )
    translations = models.JSONField(default=list, blank=True, editable=False)
    """The public ones among its translations and original as ``TranslationJSON``, so that a page needs no query."""
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=settings.TIME_ZONE, validators=[check_time_zone]
    )
    page_size = models.PositiveSmallIntegerField(
        _("updates per page"),
        default=10,
        db_default=10,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text=_("How many updates each page holds."),
    )
    shows_ads = models.BooleanField(
        _("show advertisements"),
        default=True,
        db_default=True,
        help_text=_("Shows advertisements between the updates."),
    )
    shows_reader_count = models.BooleanField(
        _("show reader count"),
        default=False,
        db_default=False,
        help_text=_("Shows roughly how many people are reading, from ten readers on: “about 1,200 reading”."),
    )
    shows_writing = models.BooleanField(
        _("show when somebody is writing"),
        default=False,
        db_default=False,
        help_text=_("Shows “Somebody is writing …” to readers, except while an update is being scheduled."),
    )
    ended_oldest_first = models.BooleanField(
        _("oldest update first when it has ended"),
        default=True,
        db_default=True,
        help_text=_(
            "After the end, readers start with the oldest update, unless they have chosen an order themselves."
        ),
    )
    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        db_default=False,
        help_text=_("For grave news: hides advertisements and the reader count, and stops animations."),
    )
    is_listed = models.BooleanField(
        _("list publicly"),
        default=True,
        db_default=True,
        help_text=_(
            "Shows the live blog in lists and search engines. If off, people need its address: for rehearsals."
        ),
    )
    embed_sites = models.JSONField(
        _("sites that may embed it"),
        default=list,
        blank=True,
        validators=[check_sites],
        help_text=_(
            "One per line, such as https://www.paper.example or https://*.paper.example; * is every site. "
            "Empty: only pages of this site."
        ),
    )
    direct_publishing = models.BooleanField(
        _("correspondents publish directly"),
        default=True,
        db_default=True,
        help_text=_("If off, a moderator or an editor approves what correspondents write."),
    )

    status = models.CharField(
        _("state"), max_length=12, choices=EventStatus, default=EventStatus.DRAFT, db_default=EventStatus.DRAFT
    )
    ends_after = models.PositiveSmallIntegerField(
        _("end automatically"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 7)],
        help_text=_(
            "Hours without an update after which it ends, if none is submitted or scheduled. Leave empty for never."
        ),
    )
    status_note = models.CharField(_("note to readers"), max_length=300, blank=True)
    planned_start = models.DateTimeField(_("planned start"), null=True, blank=True)
    planned_end = models.DateTimeField(_("planned end"), null=True, blank=True)
    started_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    epoch = models.CharField(max_length=16, default=new_epoch, editable=False)
    head = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    desk_head = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    seq = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    """The newest change of the event itself, as opposed to its entries'."""
    changed_at = models.DateTimeField(null=True, editable=False)
    """Time of the newest change that readers see, of the event or an entry."""
    last_kind = models.CharField(max_length=12, default="create", db_default="create", editable=False)
    ordinals = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """How many places in the order were ever given; it never falls, so archive pages never shift."""
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

    def clean(self) -> None:
        super().clean()
        if self.planned_start and self.planned_end and self.planned_end <= self.planned_start:
            raise ValidationError({"planned_end": _("The planned end must be after the planned start.")})

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{settings.URL_PREFIX}/{self.slug}/"

    @property
    def is_public(self) -> bool:
        return self.status != EventStatus.DRAFT

    @property
    def is_live(self) -> bool:
        return self.status == EventStatus.LIVE

    @property
    def takes_updates(self) -> bool:
        """Whether updates can be published: at once, or with “Go live and publish”."""
        return self.status in {EventStatus.DRAFT, EventStatus.UPCOMING, EventStatus.LIVE}

    @property
    def has_ended(self) -> bool:
        return self.status == EventStatus.ENDED

    @property
    def is_read_oldest_first(self) -> bool:
        """Whether its pages begin with the oldest update where the address names no order."""
        return self.has_ended and self.ended_oldest_first

    @property
    def is_over(self) -> bool:
        """Whether readers need not wait for another update."""
        return self.status in OVER

    @property
    def has_long_head(self) -> bool:
        """Whether title and standfirst leave no room for the newest update on the first screen of a phone."""
        return len(self.title) + len(self.standfirst) > LONG_HEAD

    @property
    def has_long_standfirst(self) -> bool:
        """Whether phones show only its first three lines until it is unfolded."""
        return len(self.standfirst) > LONG_STANDFIRST

    @property
    def has_ad_slots(self) -> bool:
        return self.shows_ads and not self.sensitive

    @property
    def has_reader_count(self) -> bool:
        return self.shows_reader_count and self.is_live and not self.sensitive

    @property
    def has_writing_line(self) -> bool:
        return self.shows_writing and self.is_live
