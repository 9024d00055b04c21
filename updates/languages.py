"""Languages of events: any tag of BCP 47, whichever languages the site's own strings are in."""

import regex
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info, get_supported_language_variant
from django.utils.translation import gettext_lazy as _

LONGEST = 35
"""Characters that RFC 5646 recommends to have room for."""

_TAG = regex.compile(
    r"""(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})  # language
    (?:-[a-z]{4})?  # script
    (?:-(?:[a-z]{2}|[0-9]{3}))?  # region
    (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*  # variants
    (?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*  # extensions
    (?:-x(?:-[a-z0-9]{1,8})+)?  # private use""",
    regex.VERBOSE,
)
_RIGHT_TO_LEFT_SCRIPTS = {"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"}
_RIGHT_TO_LEFT = {
    "ar", "arc", "arz", "ary", "azb", "bal", "bqi", "ckb", "dv", "fa", "glk", "he", "iw", "khw", "ks", "lrc", "mzn",
    "nqo", "pnb", "prs", "ps", "sd", "skr", "syr", "ug", "ur", "yi",
}  # fmt: skip
"""Languages that are written from right to left unless their tag names another script."""


def check_language(tag: str) -> None:
    if len(tag) > LONGEST or not _TAG.fullmatch(tag.lower()):
        raise ValidationError(
            _("“%(tag)s” is not a language tag. Enter one such as en, pt-BR or zh-Hant."), params={"tag": tag}
        )


def canonical_language(tag: str) -> str:
    """Return the tag with its usual capitals, such as zh-Hant-TW."""
    first, *others = tag.strip().replace("_", "-").lower().split("-")
    parts = [first]
    for part in others:
        follows_letter = any(len(before) == 1 for before in parts)
        if len(part) == 2 and not follows_letter:
            part = part.upper()  # noqa: PLW2901
        elif len(part) == 4 and part.isalpha() and not follows_letter:
            part = part.title()  # noqa: PLW2901
        parts.append(part)
    return "-".join(parts)


def is_right_to_left(tag: str) -> bool:
    language, *others = tag.lower().split("-")
    scripts = [part for part in others if len(part) == 4 and part.isalpha()]
    return scripts[0] in _RIGHT_TO_LEFT_SCRIPTS if scripts else language in _RIGHT_TO_LEFT


def language_of_strings(tag: str) -> str:
    """Return the language of the site's strings on pages in this language: itself if the site is translated into it."""
    try:
        return get_supported_language_variant(tag)
    except LookupError:
        return settings.LANGUAGE_CODE


def own_name(tag: str) -> str:
    """Return what a language calls itself, such as “العربيّة”; the tag for one that Django does not know."""
    try:
        return str(get_language_info(tag.lower())["name_local"])
    except KeyError:
        return tag
