"""Who works at the made-up newsroom: the accounts, and the names that sign."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission, User

from updates.choices import Role
from updates.models import Person
from updates.permissions import EDITORS_GROUP
from updates.publishing import Refused

from .pictures import picture

DESK_GROUP = "Newsroom"
"""Everybody of the demo: they see the desk. Members of “Editors” may also create live blogs."""

NEWSDESK = "newsdesk"
"""The account under which the story goes on by itself. It cannot log in, so whatever another does, a person did."""


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
class Signature:
    """A name at the foot of updates, and the account that writes them if it is one of ours."""

    name: str
    role_line: str
    photo: str
    username: str = ""


SIGNATURES = {
    "ines": Signature("Ines Calder", "Live editor", "ines.jpg", "editor"),
    "noor": Signature("Noor Hadad", "Weather editor", "noor.jpg", "moderator"),
    "tomas": Signature("Tomas Wrede", "Correspondent, North Quay", "tomas.jpg", "correspondent"),
    "jonah": Signature("Jonah Pell", "Reporter", "jonah.jpg"),
    "mara": Signature("Mara Lindqvist", "Transport reporter", "mara.jpg"),
    "noor-ar": Signature("نور حداد", "محررة الطقس", "noor.jpg"),
}


def account(username: str) -> User:
    return User.objects.get(username=username)


def newsdesk() -> User:
    """Made where it is missing."""
    user, is_new = User.objects.get_or_create(username=NEWSDESK, defaults={"first_name": "News", "last_name": "desk"})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def hire(member: Account) -> User:
    """Make an account that may open the desk; what it may do there is decided live blog by live blog.

    It cannot log in before it gets a password. An account of the same name that is not the demo's is left alone.
    """
    user = User.objects.filter(username=member.username).first()
    if user is None:
        user = User(username=member.username, first_name=member.first_name, last_name=member.last_name, is_staff=True)
        user.set_unusable_password()
        user.save()
        user.groups.add(_group(DESK_GROUP, creates_events=False))
        if member.role == Role.EDITOR:
            user.groups.add(_group(EDITORS_GROUP, creates_events=True))
    elif not user.groups.filter(name=DESK_GROUP).exists():
        raise Refused(f"There is an account “{member.username}” that the demo did not make: rename it first.")
    return user


def _group(name: str, *, creates_events: bool) -> Group:
    group, _ = Group.objects.get_or_create(name=name)
    rights = Permission.objects.filter(content_type__app_label="updates").exclude(codename__startswith="delete_")
    group.permissions.add(*(rights if creates_events else rights.exclude(codename="add_event")))
    return group


def person(key: str, uploader: User) -> Person:
    """Who signs, made where missing, with photo and account."""
    signature = SIGNATURES[key]
    if found := Person.objects.filter(name=signature.name, role_line=signature.role_line).first():
        return found
    user = User.objects.filter(username=signature.username, person=None).first() if signature.username else None
    return Person.objects.create(
        name=signature.name,
        role_line=signature.role_line,
        photo_id=picture(signature.photo, uploader),
        user=user,
    )
