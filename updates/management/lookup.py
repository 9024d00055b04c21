"""Finds the event or the account that is named to a command."""

from django.core.management import CommandError

from updates.models import Event
from updates.types import User


def find_event(slug: str) -> Event:
    event = Event.objects.filter(slug=slug).first()
    if event is None:
        raise CommandError(f"There is no live blog with the address “{slug}”.")
    return event


def find_account(username: str) -> User:
    account = User.objects.filter(username=username).first()
    if account is None:
        raise CommandError(f"There is no account “{username}”.")
    return account
