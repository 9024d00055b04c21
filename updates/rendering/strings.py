"""Texts for the scripts in the active language, which the page contains as ``#live-strings``.

Scripts choose a plural form with ``Intl.PluralRules``, so gettext is called with an example number of each category.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

SAMPLES = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}

Strings = dict[str, str | dict[str, str]]


def live_strings() -> Strings:
    """Return the texts. Scripts fill in placeholders such as ``{n}``."""
    return {
        "new_updates": {form: ngettext("{n} new update", "{n} new updates", n) for form, n in SAMPLES.items()},
        "since": {
            form: ngettext("{n} update since {time}", "{n} updates since {time}", n) for form, n in SAMPLES.items()
        },
        "of_them_key": {form: ngettext("{n} key event", "{n} key events", n) for form, n in SAMPLES.items()},
        "new_since": _("New since {n}"),
        "since_left": {
            form: ngettext("{n} update since you left", "{n} updates since you left", n) for form, n in SAMPLES.items()
        },
        "read_on": _("Read on from there"),
        "to_newest": _("Back to newest"),
        "show_all": _("Show all"),
        "show_less": _("Show less"),
        "more": _("Load more updates"),
        "older": _("Older updates"),
        "count": {form: _count(n) for form, n in SAMPLES.items()},
        "reading": {form: ngettext("about {n} reading", "about {n} reading", n) for form, n in SAMPLES.items()},
        "writing": _("Somebody is writing …"),
        "live": _("Live"),
        "up_to_date": _("up to date"),
        "checking": _("with a short delay"),
        "paused": _("Paused"),
        "waiting": _("{n} waiting"),
        "pause": _("Pause updates"),
        "pause_short": pgettext("updates, on a phone", "Pause"),
        "resume": _("Resume updates"),
        "resume_short": pgettext("updates, on a phone", "Resume"),
        "retry": _("Reconnecting"),
        "retry_in": _("in {n} s"),
        "try_now": _("Try now"),
        "off": _("Offline"),
        "gone": _("No longer updated"),
        "as_of": pgettext("as of 14:36", "as of"),
        "now": _("just now"),
        "your_time": pgettext("a time in the reader's own zone", "{n} where you are"),
        "to_go": pgettext("time until the start", "{n} to go"),
        "starts_now": _("Starting now"),
        "event_clock": pgettext("a time zone such as CET", "Show {n}"),
        "removed": _("This update was removed."),
        "loading": _("Loading…"),
        "load_failed": _("Could not load. Try again"),
        "the_end": _("This is where the live blog began."),
        "copied": _("Link copied"),
        "not_copied": _("Could not copy the link"),
        "close": _("Close"),
        "photo_back": _("Previous photo"),
        "photo_on": _("Next photo"),
        "keys": _("Keyboard shortcuts"),
        "keys_on": _("Use these keys"),
        "key_on": _("next update"),
        "key_back": _("previous update"),
        "key_newest": _("newest update"),
        "key_list": _("this list"),
    }


def _count(number: int) -> str:
    """Return the number of updates with a placeholder, in the same words as in the head of the page."""
    return ngettext("%(n)s update", "%(n)s updates", number) % {"n": "{n}"}
