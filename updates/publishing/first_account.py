"""The first account of an installation: an administrator, made by a one-time link that a command prints.

The link is signed and nothing of it is stored. It works while there is no account, for as long as other links.
"""

from typing import Final

from django.conf import settings
from django.contrib.auth.models import Group
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from updates.content.sanitize import clean_line
from updates.permissions import EDITORS_GROUP, may_make_first_account
from updates.types import User

from .errors import Refused
from .people import Newcomer

SALT: Final = "updates.publishing.first_account"


def first_account_token() -> str:
    return signing.TimestampSigner(salt=SALT).sign("first")


def is_first_account_token(token: str) -> bool:
    try:
        signing.TimestampSigner(salt=SALT).unsign(token, max_age=settings.PASSWORD_RESET_TIMEOUT)
    except signing.BadSignature:
        return False
    return may_make_first_account()


def make_first_account(newcomer: Newcomer, password: str) -> User:
    """Create the administrator. Raises ``ValidationError`` by field where the username is not allowed.

    The caller has checked the password. Of two attempts at once the second waits at the group, and is refused.
    """
    with transaction.atomic():
        Group.objects.filter(name=EDITORS_GROUP).update(name=EDITORS_GROUP)
        if not may_make_first_account():
            raise Refused(_("The first account exists already. Log in, or ask its owner to invite you."))
        user = User(
            username=User.normalize_username(newcomer.username.strip()),
            first_name=clean_line(newcomer.first_name),
            last_name=clean_line(newcomer.last_name),
            is_staff=True,
            is_superuser=True,
        )
        user.set_password(password)
        user.full_clean()
        user.save()
    return user
