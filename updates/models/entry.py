from datetime import datetime

from content_editor.models import Region
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from updates.choices import UNPUBLISHED, EntryStatus, Role, new_public_id
from updates.content.search import words_of
from updates.types import User
from updates.untyped import JSONObject

from .event import Event
from .guard import Permanent, PermanentQuerySet

REGION = "main"
"""The one region of content-editor that contains an entry's blocks."""


class EntryQuerySet(PermanentQuerySet["Entry"]):
    def for_readers(self) -> "EntryQuerySet":
        """Return published entries, and removed ones with a note to readers."""
        return self.filter(
            models.Q(status=EntryStatus.PUBLISHED) | models.Q(status=EntryStatus.REMOVED) & ~models.Q(reader_note="")
        )

    def published(self) -> "EntryQuerySet":
        return self.filter(status=EntryStatus.PUBLISHED)

    def known_to_readers(self) -> "EntryQuerySet":
        """Entries that were ever public, so that readers may hold a copy."""
        return self.filter(status__in=[EntryStatus.PUBLISHED, EntryStatus.REMOVED])

    def changed_since(self, seq: int) -> "EntryQuerySet":
        return self.known_to_readers().filter(seq__gt=seq).order_by("seq")

    def in_range(self, above: int, up_to: int | None) -> "EntryQuerySet":
        """Entries of one page: ``above < order <= up_to``."""
        entries = self.filter(order__gt=above)
        return entries if up_to is None else entries.filter(order__lte=up_to)

    def corrected(self) -> "EntryQuerySet":
        """Published entries with a correction or clarification."""
        return self.filter(status=EntryStatus.PUBLISHED, corrected_at__isnull=False)

    def newest_first(self) -> "EntryQuerySet":
        return self.order_by("-order")

    def unpublished(self) -> "EntryQuerySet":
        """Entries in work at the desk, without discarded ones."""
        return self.filter(status__in=UNPUBLISHED - {EntryStatus.DISCARDED})

    def submitted(self) -> "EntryQuerySet":
        """Entries that wait for a moderator, the oldest first."""
        return self.filter(status=EntryStatus.SUBMITTED).order_by("submitted_at", "pk")

    def scheduled(self) -> "EntryQuerySet":
        return self.filter(status=EntryStatus.SCHEDULED).order_by("scheduled_at", "pk")

    def due(self, at: datetime) -> "EntryQuerySet":
        return self.scheduled().filter(scheduled_at__lte=at)

    def visible_to(self, user: User) -> "EntryQuerySet":
        """Entries that a user may see at the desk: published and removed ones, and their own; moderators see all."""
        if user.is_superuser:
            return self
        known = models.Q(status__in=[EntryStatus.PUBLISHED, EntryStatus.REMOVED])
        moderates = models.Q(event__assignments__role__in=[Role.MODERATOR, Role.EDITOR])
        # In one filter(), so that role and user are those of the same assignment.
        return self.filter(known | models.Q(author=user) | moderates, event__assignments__user=user)


class WordsField(models.TextField):  # type: ignore[type-arg]
    """The searchable words of an entry, set from its content whenever a row is saved, also in bulk."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Take the words of ``written``, else of the published content; without either they stay as they were."""
        content = getattr(model_instance, "written", None) or getattr(model_instance, "content", None)
        if content:
            setattr(model_instance, self.attname, words_of(content))
        return str(getattr(model_instance, self.attname))


class Entry(Permanent):
    """One update. The block tables hold what the desk edits, ``content`` what readers get."""

    regions = [Region(key=REGION, title=_("Blocks"))]

    event = models.ForeignKey(Event, models.PROTECT, related_name="entries", verbose_name=_("live blog"))
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    status = models.CharField(
        _("state"),
        max_length=12,
        choices=EntryStatus,
        default=EntryStatus.DRAFT,
        db_default=EntryStatus.DRAFT,
        editable=False,
    )
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    is_key = models.BooleanField(_("key event"), default=False, db_default=False)
    is_pinned = models.BooleanField(_("pinned"), default=False, db_default=False, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("author")
    )
    idempotency_key = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001 – unique where given
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    content = models.JSONField(default=dict, editable=False)
    """The published headline, blocks, bylines and corrections; see ``content/published.py`` for its shape."""
    title = models.CharField(max_length=200, editable=False)
    """Its title in lists: the headline, or else the first words."""
    written: JSONObject | None = None
    """The content that an operation is saving into the rows of an unpublished entry."""
    words = WordsField(blank=True, editable=False)
    """The text for the search at the desk."""
    order = models.PositiveBigIntegerField(null=True, editable=False)
    seq = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    batch_end = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    """The last number of the operation that ``seq`` belongs to; catch-up is not cut before it."""
    last_kind = models.CharField(max_length=12, default="publish", db_default="publish", editable=False)
    published_at = models.DateTimeField(_("time"), null=True, editable=False)
    updated_at = models.DateTimeField(null=True, editable=False)
    """Set by an edit later than a minute after publishing: readers see “Updated”."""
    changed_at = models.DateTimeField(null=True, editable=False)
    """Time of the newest change of its content, for feeds and search engines."""
    corrected_at = models.DateTimeField(null=True, editable=False)
    """Time of its newest correction; lists of corrections are sorted by it."""
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reader_note = models.CharField(max_length=300, blank=True, editable=False)
    """The note to readers about a removal; the reason is in the log."""
    created_at = models.DateTimeField(auto_now_add=True)

    saved_at = models.DateTimeField(null=True, editable=False)
    """When its content was last saved at the desk before it was published."""
    saved_by_key = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether its newest content came from the form in which it was created: that form needs no version to save."""
    save_number = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    """The highest number of a save by the form in which it was created. An autosave without a higher one is late."""
    submitted_at = models.DateTimeField(null=True, editable=False)
    scheduled_at = models.DateTimeField(_("scheduled for"), null=True, editable=False)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    """The user under whose rights it is published at its time."""
    alerts_when_due = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether subscribers are notified when it is published at its time."""
    sent_back_note = models.TextField(blank=True, editable=False)
    """Why a moderator sent it back, or why it was not published at its time; never leaves the desk."""

    objects = EntryQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = [models.F("order").desc(nulls_first=True), "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="entry_once_per_key"),
            models.UniqueConstraint(fields=["event", "order"], name="entry_order_unique"),
            models.UniqueConstraint(fields=["event"], condition=models.Q(is_pinned=True), name="entry_one_pinned"),
        ]
        indexes = [
            models.Index(fields=["event", "seq"], name="entry_by_seq"),
            models.Index(fields=["event", "status"], name="entry_by_state"),
            models.Index(fields=["event", "-order"], condition=models.Q(is_key=True), name="entry_keys"),
            models.Index(
                fields=["event", "-corrected_at"],
                condition=models.Q(corrected_at__isnull=False),
                name="entry_corrected_of_event",
            ),
            models.Index(
                fields=["-corrected_at"], condition=models.Q(corrected_at__isnull=False), name="entry_corrected"
            ),
            models.Index(fields=["-published_at"], condition=models.Q(status="published"), name="entry_newest"),
            models.Index(fields=["-removed_at"], condition=models.Q(status="removed"), name="entry_removed"),
            models.Index(fields=["scheduled_at"], condition=models.Q(status="scheduled"), name="entry_scheduled"),
            models.Index(
                fields=["event", "status"],
                condition=models.Q(status__in=["draft", "submitted", "scheduled", "discarded"]),
                name="entry_at_desk",
            ),
        ]

    def __str__(self) -> str:
        return self.headline or self.title or str(_("Update without a headline"))

    was_changed = True
    """Set on the result of an operation: whether this call changed the entry, or found it done already."""

    @property
    def is_published(self) -> bool:
        return self.status == EntryStatus.PUBLISHED

    @property
    def is_removed(self) -> bool:
        return self.status == EntryStatus.REMOVED

    @property
    def is_empty(self) -> bool:
        """Whether it has no content: it was imported as removed, or erased."""
        return not (self.content.get("headline") or self.content.get("blocks"))

    @property
    def is_stored(self) -> bool:
        return not self._state.adding

    @property
    def is_unpublished(self) -> bool:
        """Whether it was never published."""
        return self.status in UNPUBLISHED

    def get_absolute_url(self) -> str:
        return f"{self.event.get_absolute_url()}{self.public_id}/"
