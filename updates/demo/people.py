"""Accounts and bylines of the demo newsroom."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, User

from updates.accounts.demo_accounts import DEMO_GROUP
from updates.choices import Role
from updates.models import Person
from updates.permissions import EDITORS_GROUP
from updates.publishing import Refused

from .pictures import picture_id

NEWSDESK = "newsdesk"
"""Account that continues the story. It cannot log in, so changes by any other account were made by a person."""


@dataclass(frozen=True)
class Account:
    username: str
    first_name: str
    last_name: str
    role: Role


ACCOUNTS = (
    Account("editor", "Ines", "Calder", Role.EDITOR),
    Account("moderator", "Noor", "Hadad", Role.MODERATOR),
    Account("correspondent", "Tomas", "Wrede", Role.CORRESPONDENT),
)


@dataclass(frozen=True)
class Byline:
    """Name that signs updates, and the username of its account, if it has one."""

    name: str
    role_line: str
    photo: str
    username: str = ""


BYLINES = {
    "ines": Byline("Ines Calder", "Live editor", "ines.jpg", "editor"),
    "noor": Byline("Noor Hadad", "Weather editor", "noor.jpg", "moderator"),
    "tomas": Byline("Tomas Wrede", "Correspondent, North Quay", "tomas.jpg", "correspondent"),
    "jonah": Byline("Jonah Pell", "Reporter", "jonah.jpg"),
    "mara": Byline("Mara Lindqvist", "Transport reporter", "mara.jpg"),
    "noor-ar": Byline("نور حداد", "محررة الطقس", "noor.jpg"),
}


def demo_user(username: str) -> User:
    return User.objects.get(username=username)


def newsdesk_user() -> User:
    """Return the account that continues the story; create it if it is missing."""
    user, is_new = User.objects.get_or_create(username=NEWSDESK, defaults={"first_name": "News", "last_name": "desk"})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def create_account(account: Account) -> User:
    """Create an account with access to the desk; return the existing one if the demo created it earlier.

    The account has no password yet and no role: roles are given for each live blog. Raises ``Refused`` if the name
    belongs to an account that the demo did not create.
    """
    user = User.objects.filter(username=account.username).first()
    if user is None:
        user = User(
            username=account.username, first_name=account.first_name, last_name=account.last_name, is_staff=True
        )
        user.set_unusable_password()
        user.save()
        names = [DEMO_GROUP, EDITORS_GROUP] if account.role == Role.EDITOR else [DEMO_GROUP]
        user.groups.set([Group.objects.get_or_create(name=name)[0] for name in names])
    elif not user.groups.filter(name=DEMO_GROUP).exists():
        raise Refused(f"The account “{account.username}” was not created by the demo. Rename it and try again.")
    return user


def byline_person(key: str, uploader: User) -> Person:
    """Return the person of a byline; create it, with photo and account, if it is missing."""
    byline = BYLINES[key]
    if person := Person.objects.filter(name=byline.name, role_line=byline.role_line).first():
        return person
    user = User.objects.filter(username=byline.username, person=None).first() if byline.username else None
    return Person.objects.create(
        name=byline.name,
        role_line=byline.role_line,
        photo_id=picture_id(byline.photo, uploader),
        user=user,
    )
