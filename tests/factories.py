"""Made-up newsrooms, built with the operations that the real one uses."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Canvas

from updates import publishing
from updates.choices import ORDER_STEP, ChangeKind, Role
from updates.models import Entry, Event
from updates.models.guard import writing
from updates.permissions import EDITORS_GROUP
from updates.publishing import EntryContent, EventDetails, TextContent
from updates.publishing.pictures import add_picture

NOON = datetime(2031, 3, 13, 12, 0, tzinfo=UTC)

_number = count(1)


def make_user(username=None, *, superuser=False, password=None, **fields):
    """Somebody with an account and no rights, unless they have them all."""
    users = get_user_model().objects
    make = users.create_superuser if superuser else users.create_user
    return make(username or f"person{next(_number)}", password=password, is_staff=True, **fields)


def make_editor(username=None):
    """Somebody who may create live blogs, and becomes the editor of each."""
    user = make_user(username)
    user.groups.add(Group.objects.get_or_create(name=EDITORS_GROUP)[0])
    return user


def make_event(*, status="live", author=None, at=None, note="", **details):
    """A live blog in a state that it reached by its operations; ``author`` becomes its editor."""
    author = author or make_editor()
    details = {"title": "Storm Maren", "slug": f"storm-{next(_number)}"} | details
    event = publishing.create_event(EventDetails(**details), author, at=at)
    steps = STEPS[status]
    for step in steps:
        event = publishing.change_state(event.pk, step, author, note=note if step is steps[-1] else "", at=at)
    return event


def editor_of(event):
    return event.assignments.filter(role=Role.EDITOR).first().user


def make_live_events(number, entries=1):
    """Many live blogs in few statements; the first has the newest updates."""
    author = make_editor()
    with writing():
        events = Event.objects.bulk_create(
            Event(
                title=f"Event {n}", slug=f"event-{n}-".ljust(80, "x"), status="live", started_at=NOON, ordinals=entries
            )
            for n in range(number)
        )
        Entry.objects.bulk_create(
            Entry(
                event=event,
                author=author,
                status="published",
                title=f"Update {m} of {n}",
                order=m * ORDER_STEP,
                published_at=NOON - timedelta(minutes=n) + timedelta(seconds=m),
            )
            for n, event in enumerate(events)
            for m in range(1, entries + 1)
        )
    return events


def make_member(event, role=Role.CORRESPONDENT, username=None, **fields):
    user = make_user(username, **fields)
    publishing.assign(event.pk, user, role, editor_of(event))
    return user


def post(event, headline="", *, text=None, author=None, is_key=False, blocks=None, **options):
    """Publish an update; without blocks it says a sentence. Other options go to the operation."""
    if blocks is None:
        blocks = (TextContent(text or f"<p>{headline or 'The gate held'}, says the harbour office.</p>"),)
    content = EntryContent(headline, tuple(blocks), is_key=is_key)
    return publishing.publish(event.pk, content, author or editor_of(event), **options).entry


def post_many(event, number, *, start=NOON, every=timedelta(minutes=1)):
    """“Update 1”, “Update 2” …, each a little later; in the order of their publication."""
    author = editor_of(event)
    return [post(event, f"Update {n}", author=author, at=start + n * every) for n in range(1, number + 1)]


WIDE = (1200, 800)
"""The size of a picture that has three widths to show; other tests take one of two, which is quickly read."""


def make_picture(user, *, size=(600, 400), colour=(60, 90, 110)):
    return add_picture(picture_file(size, colour), user)


def picture_file(size=(600, 400), colour=(60, 90, 110), form="JPEG"):
    file = BytesIO()
    Canvas.new("RGB", size, colour).save(file, form)
    return SimpleUploadedFile(f"photo.{form.lower()}", file.getvalue())


STEPS = {
    "draft": [],
    "upcoming": [ChangeKind.ANNOUNCE],
    "live": [ChangeKind.OPEN],
    "ended": [ChangeKind.OPEN, ChangeKind.END],
    "postponed": [ChangeKind.ANNOUNCE, ChangeKind.POSTPONE],
    "cancelled": [ChangeKind.ANNOUNCE, ChangeKind.CANCEL],
}
"""The steps that lead from a draft to each state."""
