from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from updates.choices import EntryStatus

from .entry import Entry
from .guard import Guarded, GuardedQuerySet


class RevisionQuerySet(GuardedQuerySet["Revision"]):
    def submitted(self) -> "RevisionQuerySet":
        """Revisions that wait for a moderator, without those of removed entries."""
        waiting = self.filter(status=EntryStatus.SUBMITTED, entry__status=EntryStatus.PUBLISHED)
        return waiting.order_by("submitted_at", "pk")


class Revision(Guarded):
    """A change of a published entry by somebody who may not make it directly.

    Readers keep what is published, and the block tables keep what readers have, until somebody approves. There is one
    for an entry at most, since only the writer of an entry makes one; it is gone once it is approved or withdrawn.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="revision")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    status = models.CharField(
        _("state"),
        max_length=12,
        choices=[(status.value, status.label) for status in (EntryStatus.DRAFT, EntryStatus.SUBMITTED)],
        default=EntryStatus.SUBMITTED,
        db_default=EntryStatus.SUBMITTED,
    )
    """Submitted, or a draft again because a moderator has sent it back."""
    content = models.JSONField()
    """The content with its primary keys, as ``publishing/draft_content.py`` writes it."""
    correction = models.CharField(_("correction"), max_length=300, blank=True)
    """Note to readers; the revision is a correction if it has one."""
    base_version = models.PositiveIntegerField()
    """Version of the entry that was changed."""
    version = models.PositiveIntegerField(default=1, db_default=1)
    submitted_at = models.DateTimeField()
    sent_back_note = models.TextField(blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("submitted change")
        verbose_name_plural = _("submitted changes")

    def __str__(self) -> str:
        return str(self.entry)

    @property
    def is_submitted(self) -> bool:
        return self.status == EntryStatus.SUBMITTED
