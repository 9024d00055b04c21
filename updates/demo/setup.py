"""Sets the demo up: quick and harmless where it is there already."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import transaction

from updates import publishing
from updates.choices import EventStatus, Role
from updates.models import Assignment, Event
from updates.publishing import EventDetails, Refused

from .cast import ACCOUNTS, NEWSDESK, SIGNATURES, account, hire, newsdesk, person
from .others import ARABIC, BRIDGE, COUNCIL, ELECTION
from .pictures import picture
from .steps import Film, Photo, Post, Rewrite, Story
from .storm_so_far import STORM
from .telling import Telling

ZONE = ZoneInfo("Europe/London")

POLLS_CLOSE = 20
"""The hour at which election night begins."""


def set_up(now: datetime) -> None:
    """Accounts, names and live blogs; what is there stays as people have made it.

    Each live blog is there as a whole or not at all, so a set-up that was interrupted goes on with the next run.
    """
    teller = newsdesk()
    with transaction.atomic():
        for member in ACCOUNTS:
            hire(member)
    for key in SIGNATURES:
        person(key, teller)
    for story in (BRIDGE, COUNCIL, ARABIC, STORM, ELECTION):
        _tell(story, story.slug, teller, now)
    _look_forward(teller, now)


def tell_again(now: datetime) -> None:
    """The storm anew, as another live blog; the one before ends."""
    teller = newsdesk()
    before = newest_storm()
    number = int(before.slug.removeprefix(STORM.slug).removeprefix("-") or 1) if before else 0
    if before and before.is_live:
        publishing.end_event(before.pk, teller, at=now)
    _tell(STORM, f"{STORM.slug}-{number + 1}", teller, now)


def newest_storm() -> Event | None:
    """The live blog that goes on by itself, where there is a demo."""
    mine = Event.objects.filter(slug__regex=rf"^{STORM.slug}(-\d+)?$", assignments__user__username=NEWSDESK)
    return mine.order_by("-pk").first()


def _tell(story: Story, slug: str, teller: User, now: datetime) -> None:
    if there := Event.objects.filter(slug=slug).first():
        if not Assignment.objects.filter(event=there, user=teller).exists():
            raise Refused(f"The address “{slug}” is taken by a live blog that is not the demo’s.")
        return
    for name in _files(story):
        picture(name, teller)  # slow, so not inside the transaction
    with transaction.atomic():
        start = _six_in_the_evening(now, story.days_ago) if story.days_ago else now
        telling = Telling(_create(story, slug, teller, start), teller, start)
        if story.starts is None:
            _say_what_we_know(story, telling, start)
            publishing.announce_event(telling.event.pk, account("editor"), at=start)
        else:
            _tell_so_far(story, story.starts, telling)


def _six_in_the_evening(now: datetime, days_ago: int) -> datetime:
    day = now.astimezone(ZONE) - timedelta(days=days_ago)
    return day.replace(hour=18, minute=0, second=0, microsecond=0)


def _files(story: Story) -> Iterator[str]:
    if story.lead:
        yield story.lead
    for step in story.so_far:
        for piece in step.pieces if isinstance(step, Post | Rewrite) else ():
            if isinstance(piece, Photo):
                yield piece.file
            elif isinstance(piece, Film) and piece.poster:
                yield piece.poster


def _create(story: Story, slug: str, teller: User, start: datetime) -> Event:
    editor = account("editor")
    at = start + timedelta(minutes=(story.starts or 0))
    lead = picture(story.lead, teller) if story.lead else None
    details = replace(story.details, slug=slug, time_zone=ZONE.key, lead_picture=lead)
    event = publishing.create_event(details, editor, at=at)
    for member in ACCOUNTS:
        if member.role != Role.EDITOR:
            publishing.assign(event.pk, account(member.username), member.role, editor, at=at)
    publishing.assign(event.pk, teller, Role.MODERATOR, editor, at=at)
    return event


def _tell_so_far(story: Story, starts: int, telling: Telling) -> None:
    event, editor, start = telling.event, account("editor"), telling.start
    publishing.open_event(event.pk, editor, at=start + timedelta(minutes=starts))
    for step in story.so_far:
        telling.perform(step, start + timedelta(minutes=step.minute))
    _say_what_we_know(story, telling, start + timedelta(minutes=story.so_far[-1].minute))
    if story.ends is not None:
        publishing.end_event(event.pk, editor, at=start + timedelta(minutes=story.ends))


def _say_what_we_know(story: Story, telling: Telling, at: datetime) -> None:
    publishing.change_event(telling.event.pk, EventDetails(key_points=story.know), account("editor"), at=at)


def _look_forward(teller: User, now: datetime) -> None:
    """Keep election night ahead of us: where its evening has passed unused, it is the next one."""
    event = Event.objects.get(slug=ELECTION.slug)
    if event.status == EventStatus.UPCOMING and (event.planned_start is None or event.planned_start < now):
        publishing.change_event(event.pk, EventDetails(planned_start=_next_evening(now)), teller)


def _next_evening(now: datetime) -> datetime:
    local = now.astimezone(ZONE)
    tonight = local.replace(hour=POLLS_CLOSE, minute=0, second=0, microsecond=0)
    return tonight if local < tonight - timedelta(hours=1) else tonight + timedelta(days=1)
