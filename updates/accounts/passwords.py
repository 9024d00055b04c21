"""Passwords that guessing programs try early: repeats, rows of keys, dates, names of the site and of the person."""

import re
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from updates.types import User

MIN_SCORE: Final = 3
"""Of 4: withstands 10⁸ guesses or more."""

MAX_CHECKED: Final = 24
"""The check takes longer than linear time: half a second here. A longer password is no weaker than its beginning."""

_WORD: Final = re.compile(r"\w+")
_NO_LETTER: Final = re.compile(r"\W")


class GuessablePasswordValidator:
    """Refuses what zxcvbn can guess; it has its word lists with it and needs no network."""

    def validate(self, password: str, user: User | None = None) -> None:
        result = zxcvbn(password[:MAX_CHECKED], user_inputs=list(_own_words(user)))
        if result["score"] < MIN_SCORE:
            raise ValidationError(
                _("This password is easy to guess. Use three or four words that do not belong together."),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("Your password can’t be easy to guess. Three or four words that do not belong together are good.")


def _own_words(user: User | None) -> set[str]:
    """Return what an attacker would try first for this site and person."""
    texts = [settings.SITE_NAME, settings.SITE_URL, "liveblog"]
    if user is not None:
        texts += [user.username, user.first_name, user.last_name, user.email]
    texts = [text.lower() for text in texts if text]
    words = {word for text in texts for word in _WORD.findall(text)}
    return words | {*texts} | {_NO_LETTER.sub("", text) for text in texts}
