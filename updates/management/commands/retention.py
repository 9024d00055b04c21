from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.core.management import BaseCommand, CommandError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from updates.choices import ChangeKind, EntryStatus, EventStatus
from updates.management.lookup import find_account
from updates.models import Change, Entry
from updates.publishing import NewerVersion
from updates.publishing.erasure import erase_entry
from updates.publishing.pictures import sweep_renditions, sweep_uploads
from updates.publishing.unused_pictures import sweep_originals, unused_pictures
from updates.types import User

REASON = "Retention: never published"
LONGEST = 36_500
"""Days, a hundred years."""


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= (days := int(text)) <= LONGEST:
        raise ArgumentTypeError(f"{text} is no number of days from 1 to {LONGEST:,}")
    return days


class Command(BaseCommand):
    help = (
        "Delete what nobody needs any more: drafts of ended and cancelled live blogs, sign-ins, unfinished uploads and "
        "originals that nothing uses. Without --delete it only counts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--drafts", type=_days, metavar="DAYS", help="erase drafts that were left alone for so long"
        )
        parser.add_argument(
            "--sign-ins", type=_days, metavar="DAYS", help="delete older sign-ins and actions in the admin"
        )
        parser.add_argument("--pictures", action="store_true", help="delete uploads and originals that are due")
        parser.add_argument("--as", dest="username", default="", help="superuser in whose name drafts are erased")
        parser.add_argument("--delete", action="store_true", help="delete; without it the command only counts")

    def handle(
        self,
        *,
        drafts: int | None,
        sign_ins: int | None,
        pictures: bool,
        username: str,
        delete: bool,
        **options: object,
    ) -> None:
        if drafts is None and sign_ins is None and not pictures:
            raise CommandError("Say what to delete: --drafts DAYS, --sign-ins DAYS or --pictures.")
        if drafts is not None:
            self.report(
                "drafts", self.erase(old_drafts(drafts), username) if delete else old_drafts(drafts).count(), delete
            )
        if sign_ins is not None:
            self.report(
                "rows about sign-ins and actions in the admin", delete_sign_ins(sign_ins, really=delete), delete
            )
        if pictures:
            before = unused_pictures().count()
            if delete:
                sweep_uploads()
                sweep_renditions()
                sweep_originals()
            self.report("originals that nothing uses", before - unused_pictures().count() if delete else before, delete)

    def report(self, what: str, count: int, delete: bool) -> None:
        self.stdout.write(f"{count} {what} {'deleted' if delete else 'would be deleted; add --delete'}")

    def erase(self, entries: QuerySet[Entry], username: str) -> int:
        if not username:
            raise CommandError("--drafts erases as “Erase an update” does: add --as SUPERUSER.")
        actor = find_account(username)
        return sum(erase_if_still(pk, entries, actor) for pk in list(entries.values_list("pk", flat=True)))


def erase_if_still(pk: int, entries: QuerySet[Entry], actor: User) -> bool:
    """Erase an entry unless it has left ``entries`` since they were read: somebody may have published it."""
    try:
        erase_entry(pk, actor, reason=REASON, among=entries)
    except NewerVersion:
        return False
    return True


def old_drafts(days: int) -> QuerySet[Entry]:
    """Return what was never published, in live blogs that are over, and was not touched for some days."""
    touched = timezone.now() - timedelta(days=days)
    over = (EventStatus.ENDED, EventStatus.CANCELLED)
    unpublished = (EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.DISCARDED)
    entries = Entry.objects.filter(event__status__in=over, status__in=unpublished)
    changes = Change.objects.filter(entry=OuterRef("pk"))
    return entries.exclude(Exists(changes.filter(Q(at__gte=touched) | Q(kind=ChangeKind.ERASE)))).order_by("pk")


def delete_sign_ins(days: int, *, really: bool) -> int:
    before = timezone.now() - timedelta(days=days)
    rows: list[QuerySet[LogEntry]] = [LogEntry.objects.filter(action_time__lt=before)]
    rows += [model.objects.filter(attempt_time__lt=before) for model in (AccessAttempt, AccessFailureLog, AccessLog)]
    return sum(each.delete()[0] if really else each.count() for each in rows)
