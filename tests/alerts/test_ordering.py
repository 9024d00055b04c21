"""Which publications order an alert, and what ends it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.factories import editor_of, make_event, make_member
from updates import publishing
from updates.choices import Role
from updates.models import Alert
from updates.publishing import EntryContent, EntryInput, TextContent
from updates.publishing.alerts import open_alerts
from updates.publishing.schedule import publish_due as publish_due_entry

pytestmark = pytest.mark.django_db

CONTENT = EntryContent("Gate holds", (TextContent("<p>It does.</p>"),))
HOUR = timedelta(hours=1)


@pytest.fixture
def event():
    return make_event(slug="storm")


def scheduled(event, actor, *, alert):
    entry_input = EntryInput(event.pk, CONTENT, alert=alert)
    return publishing.schedule(entry_input, actor, timezone.now() + HOUR).entry


def publish_due(entry):
    return publish_due_entry(entry.pk, at=timezone.now() + HOUR)


@pytest.mark.parametrize("alert", [True, False])
def test_scheduled_update_orders_its_alert_when_it_is_published(event, alert):
    entry = scheduled(event, editor_of(event), alert=alert)
    assert not Alert.objects.exists()
    publish_due(entry)
    publish_due(entry)

    assert Alert.objects.filter(entry=entry).count() == alert


def test_alert_can_be_taken_off_a_schedule(event):
    editor = editor_of(event)
    entry = scheduled(event, editor, alert=True)
    repeated = EntryInput(event.pk, CONTENT, entry.pk, version=entry.version)
    publishing.schedule(repeated, editor, entry.scheduled_at)
    publish_due(entry)

    assert not Alert.objects.exists()


def test_who_may_not_moderate_schedules_no_alert(event):
    with pytest.raises(PermissionDenied):
        scheduled(event, make_member(event), alert=True)


def test_update_is_published_without_an_alert_by_somebody_who_may_not_moderate_any_more(event):
    moderator = make_member(event, role=Role.MODERATOR)
    entry = scheduled(event, moderator, alert=True)
    publishing.assign(event.pk, moderator, Role.CORRESPONDENT, editor_of(event))

    assert publish_due(entry).is_published
    assert not Alert.objects.exists()


def test_restored_update_sends_no_alert_any_more(event):
    editor = editor_of(event)
    entry = publishing.publish_entry(EntryInput(event.pk, CONTENT, alert=True), editor).entry
    assert len(open_alerts()) == 1
    publishing.remove(entry.pk, editor)
    publishing.restore(entry.pk, editor)

    assert open_alerts() == []
