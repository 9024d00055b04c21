"""Sets up the demo. Running it again changes nothing and is quick."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import transaction

from updates import publishing
from updates.choices import ChangeKind, EventStatus, Role
from updates.models import Assignment, Event
from updates.publishing import EventDetails, Refused

from .other_stories import ARABIC, BRIDGE, COUNCIL, ELECTION
from .people import ACCOUNTS, BYLINES, NEWSDESK, byline_person, create_account, demo_user, newsdesk_user
from .pictures import picture_id
from .steps import Edit, Embed, Photo, Post, Story
from .storm_past import STORM
from .writer import StoryWriter

ZONE = ZoneInfo("Europe/London")

EXAMPLE_SITE = "http://127.0.0.1:8001"
"""Where ``manage.py example_site`` serves its page."""

POLLS_CLOSE = 20
"""Hour at which election night begins."""


def set_up(now: datetime) -> None:
    """Create accounts, people and live blogs that are missing; leave existing ones unchanged.

    Each live blog is created in one transaction, so the next run completes a set-up that was interrupted.
    """
    newsdesk = newsdesk_user()
    with transaction.atomic():
        for account in ACCOUNTS:
            create_account(account)
    for key in BYLINES:
        byline_person(key, newsdesk)
    for story in (BRIDGE, COUNCIL, ARABIC, STORM, ELECTION):
        _create_story(story, story.slug, newsdesk, now)
    _link_translation()
    _plan_election(newsdesk, now)


def restart_storm(now: datetime) -> None:
    """End the current storm and start it again as a new live blog."""
    newsdesk = newsdesk_user()
    before = newest_storm()
    number = int(before.slug.removeprefix(STORM.slug).removeprefix("-") or 1) if before else 0
    if before and before.is_live:
        publishing.change_state(before.pk, ChangeKind.END, newsdesk, at=now)
    _create_story(STORM, f"{STORM.slug}-{number + 1}", newsdesk, now)


def newest_storm() -> Event | None:
    """Return the live blog that the player continues, ``None`` without a demo."""
    storms = Event.objects.filter(slug__regex=rf"^{STORM.slug}(-\d+)?$", assignments__user__username=NEWSDESK)
    return storms.order_by("-pk").first()


def _create_story(story: Story, slug: str, newsdesk: User, now: datetime) -> None:
    if event := Event.objects.filter(slug=slug).first():
        if not Assignment.objects.filter(event=event, user=newsdesk).exists():
            raise Refused(f"The address “{slug}” belongs to a live blog that the demo did not create.")
        return
    for name in _picture_files(story):
        picture_id(name, newsdesk)  # slow, so outside the transaction
    with transaction.atomic():
        start = _at_six_pm(now, story.days_ago) if story.days_ago else now
        writer = StoryWriter(_create_event(story, slug, newsdesk, start), newsdesk, start)
        if story.starts is None:
            _set_key_points(story, writer, start)
            publishing.change_state(writer.event.pk, ChangeKind.ANNOUNCE, demo_user("editor"), at=start)
        else:
            _write_past(story, story.starts, writer)


def _at_six_pm(now: datetime, days_ago: int) -> datetime:
    day = now.astimezone(ZONE) - timedelta(days=days_ago)
    return day.replace(hour=18, minute=0, second=0, microsecond=0)


def _picture_files(story: Story) -> Iterator[str]:
    if story.lead_picture:
        yield story.lead_picture
    for step in story.steps:
        for block in step.blocks if isinstance(step, Post | Edit) else ():
            if isinstance(block, Photo):
                yield block.file
            elif isinstance(block, Embed) and block.poster:
                yield block.poster


def _create_event(story: Story, slug: str, newsdesk: User, start: datetime) -> Event:
    editor = demo_user("editor")
    at = start + timedelta(minutes=(story.starts or 0))
    lead = picture_id(story.lead_picture, newsdesk) if story.lead_picture else None
    details = replace(story.details, slug=slug, time_zone=ZONE.key, lead_picture=lead, embed_sites=[EXAMPLE_SITE])
    event = publishing.create_event(details, editor, at=at)
    for account in ACCOUNTS:
        if account.role != Role.EDITOR:
            publishing.assign(event.pk, demo_user(account.username), account.role, editor, at=at)
    publishing.assign(event.pk, newsdesk, Role.MODERATOR, editor, at=at)
    return event


def _write_past(story: Story, starts: int, writer: StoryWriter) -> None:
    event, editor, start = writer.event, demo_user("editor"), writer.start
    publishing.change_state(event.pk, ChangeKind.OPEN, editor, at=start + timedelta(minutes=starts))
    for step in story.steps:
        writer.perform(step, start + timedelta(minutes=step.minute))
    _set_key_points(story, writer, start + timedelta(minutes=story.steps[-1].minute))
    if story.ends is not None:
        publishing.change_state(event.pk, ChangeKind.END, editor, at=start + timedelta(minutes=story.ends))


def _set_key_points(story: Story, writer: StoryWriter, at: datetime) -> None:
    publishing.change_event(writer.event.pk, EventDetails(key_points=story.key_points), demo_user("editor"), at=at)


def _link_translation() -> None:
    event, original = Event.objects.get(slug=ARABIC.slug), Event.objects.get(slug=STORM.slug)
    if event.translation_of_id is None:
        details = EventDetails(translation_of=original.pk)
        publishing.change_event(event.pk, details, demo_user("editor"), at=original.changed_at)


def _plan_election(newsdesk: User, now: datetime) -> None:
    """Move election night to the next evening if its start has passed without being opened."""
    event = Event.objects.get(slug=ELECTION.slug)
    if event.status == EventStatus.UPCOMING and (event.planned_start is None or event.planned_start < now):
        publishing.change_event(event.pk, EventDetails(planned_start=_next_evening(now)), newsdesk)


def _next_evening(now: datetime) -> datetime:
    local = now.astimezone(ZONE)
    tonight = local.replace(hour=POLLS_CLOSE, minute=0, second=0, microsecond=0)
    return tonight if local < tonight - timedelta(hours=1) else tonight + timedelta(days=1)
