"""Retention deletes what is old and nothing else, and nothing at all without being told."""

from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessFailureLog
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import editor_of, make_event, make_picture, make_user, post
from tests.publishing.races import before_the_lock
from updates import publishing
from updates.choices import ChangeKind
from updates.models import Entry, Image
from updates.models.guard import writing
from updates.publishing import EntryContent, EntryInput, TextContent
from updates.publishing.content_mapping import read_content

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = timezone.now() - timedelta(days=400)


def retention(**options):
    out = StringIO()
    call_command("retention", **options, stdout=out)
    return out.getvalue()


def draft(event, words, at=None):
    content = EntryContent("", (TextContent(f"<p>{words}</p>"),))
    return publishing.save_draft(EntryInput(event.pk, content), editor_of(event), at=at).entry


def words(entry):
    return str(read_content(Entry.objects.get(pk=entry.pk)))


def test_old_drafts_of_ended_live_blogs_lose_their_words():
    boss = make_user("boss", superuser=True)
    over, live = make_event(at=LONG_AGO), make_event(at=LONG_AGO)
    old, young = draft(over, "an old secret", LONG_AGO), draft(over, "a young secret")
    published, other = post(over, "Kept", at=LONG_AGO), draft(live, "still live", LONG_AGO)
    publishing.change_state(over.pk, ChangeKind.END, editor_of(over))

    before = [words(kept) for kept in (young, published, other)]

    assert "1 drafts would be deleted" in retention(drafts=365)
    with pytest.raises(CommandError, match="add --as"):
        retention(drafts=365, delete=True)
    assert "secret" in words(old)

    assert "1 drafts deleted" in retention(drafts=365, delete=True, username=boss.username)
    assert "secret" not in words(old)
    assert "secret" not in str(list(old.changes.values_list("snapshot", flat=True)))
    assert [words(kept) for kept in (young, published, other)] == before
    assert "0 drafts deleted" in retention(drafts=365, delete=True, username=boss.username)


@pytest.mark.parametrize("ends_again", [True, False])
def test_a_draft_that_is_published_meanwhile_is_kept(ends_again):
    boss = make_user("boss", superuser=True)
    over = make_event(at=LONG_AGO)
    editor = editor_of(over)
    wanted, other = draft(over, "needed after all", LONG_AGO), draft(over, "an old secret", LONG_AGO)
    publishing.change_state(over.pk, ChangeKind.END, editor)

    def publish():
        publishing.change_state(over.pk, ChangeKind.REOPEN, editor)
        publishing.publish_now(wanted.pk, editor)
        if ends_again:
            publishing.change_state(over.pk, ChangeKind.END, editor)

    with before_the_lock(publish):
        counted = retention(drafts=365, delete=True, username=boss.username)
    assert "needed after all" in words(wanted)
    assert Entry.objects.get(pk=wanted.pk).is_published
    assert ("secret" in words(other)) is not ends_again
    assert counted.startswith("1 drafts deleted" if ends_again else "0 drafts deleted")


def test_old_sign_ins_are_deleted():
    for age in (10, 100):
        row = AccessFailureLog.objects.create(username="ines", ip_address="192.0.2.1")
        AccessFailureLog.objects.filter(pk=row.pk).update(attempt_time=timezone.now() - timedelta(days=age))
    assert "1 rows" in retention(sign_ins=90)
    assert AccessFailureLog.objects.count() == 2
    assert "1 rows" in retention(sign_ins=90, delete=True)
    assert AccessFailureLog.objects.count() == 1


def test_originals_that_are_due_are_deleted(settings):
    make_picture(make_user("ines"))
    assert "1 originals that nothing uses would be" in retention(pictures=True)
    retention(pictures=True, delete=True)
    assert Image.objects.count() == 1, "it is noted, and due in some days"
    with writing():
        Image.objects.update(unused_since=LONG_AGO)
    assert "1 originals that nothing uses deleted" in retention(pictures=True, delete=True)
    assert Image.objects.count() == 0


def test_all_of_it_is_counted_at_once_and_nothing_is_deleted():
    make_picture(make_user("ines"))
    counts = retention(drafts=365, sign_ins=90, pictures=True)
    assert [words in counts for words in ("0 drafts would be", "0 rows", "1 originals")] == [True] * 3, counts
    assert Image.objects.count() == 1


@pytest.mark.parametrize("days", ["-5", "0", "99999999999", "many"])
@pytest.mark.parametrize("option", ["--drafts", "--sign-ins"])
def test_days_that_are_none_are_refused(option, days):
    with pytest.raises(CommandError, match="no number of days from 1 to 36,500"):
        call_command("retention", f"{option}={days}")


def test_command_wants_to_know_what():
    with pytest.raises(CommandError, match="--drafts DAYS"):
        retention(delete=True)
