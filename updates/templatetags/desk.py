"""Tags and filters of the desk's pages, with the sentences that its scripts show."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from updates.models import Entry, Event, display_name
from updates.publishing.pictures import PART_SIZE

register = template.Library()
register.filter(display_name)

STRINGS = {
    # Photos
    "pick": _("Photos of this live blog"),
    "loading": _("Loading …"),
    "no_pictures": _("No photo has been used in this live blog yet."),
    "cancel": _("Cancel"),
    "chosen": _("The picture chosen"),
    "uploading": _("Upload"),
    "preparing": _("Preparing the photo …"),
    "sending": _("Uploading, {share} %"),
    "waiting": _("No connection. The upload goes on by itself."),
    "file_gone": _("This device no longer has the photo. Choose it again."),
    # Drafts
    "restored": _("Draft from {at} restored."),
    "discard": _("Discard"),
    "untitled": _("Without words yet"),
    "saved": _("Saved here at {at}"),
    "saved_at_desk": _("Saved here at {at}, and at the desk"),
    "saved_elsewhere": _("Changed on another device meanwhile. Save or send it to see both."),
    "not_saved": _("Not saved on this device: its browser keeps nothing."),
    # Other tabs of this browser
    "also_open": _("This update is open in another tab, too. Each tab keeps its own words."),
    "logged_out": _("You logged out in another tab: what is written here is not kept on this device any more."),
    # On its way
    "state_sending": _("Sending …"),
    "state_queued": _("Waiting for a connection since {at}:"),
    "state_login": _("Waiting for your login since {at}:"),
    "state_photo": _("Waiting for its photo since {at}:"),
    "state_ask": _("Written at {at}, not sent yet. Is it still true?"),
    "state_refused": _("Not published:"),
    "edit_and_send": _("Edit and send"),
    "edit": _("Edit"),
    "send_now": _("Still true: send"),
    "as_draft": _("Save as draft"),
    "copy": _("Copy text"),
    "copied": _("Copied"),
    "try_now": _("Try now"),
    "errors": _("Please correct the errors below."),
    "go_live": _("Go live and publish"),
    # Login
    "login_ended": _("Your login has ended"),
    "login_why": _("Nothing you typed is lost. Log in again, and it is sent."),
    "not_now": _("Not now"),
    "no_line": _("No connection. Try again."),
    "busy": _("The server did not answer as it should. Look whether it was done before you try again."),
    "stranger": _("Somebody else is logged in here by now. Log out in another tab, then log in with your own name."),
    "log_in": _("Log in"),
    # The timeline
    "desk_waits": _("No connection. The timeline comes back by itself."),
    "desk_closed": _("You are not assigned to this live blog any more."),
    "you": _("you"),
    "here": _("{count} editors here: {names}"),
    "is_writing": _("{name} (writing)"),
    "also_editing": _("Also editing: {names}"),
    "preview": _("Preview"),
    "close": _("Close"),
    # Keys
    "keys": _("Keys"),
    "keys_on": _("Single letters are keys outside of fields"),
    "key_send": _("Publish"),
    "key_out": _("From the form to the timeline"),
    "key_write": _("Write: to the text"),
    "key_next": _("Next update"),
    "key_back": _("Previous update"),
    "key_edit": _("Edit the update"),
    "key_correct": _("Correct the update"),
    "key_find": _("Find an update"),
    "key_point": _("Move a point of “What we know”"),
    "key_list": _("This list"),
    # Logging out
    "leave_title": _("Log out?"),
    "leave_why": _("What this device keeps for you goes when you log out:"),
    "drafts": _("drafts: {count}"),
    "unsent": _("updates not sent yet: {count}"),
    "stay": _("Stay"),
    "leave": _("Log out and delete"),
}


@register.simple_tag
def desk_strings() -> SafeString:
    return json_script({name: str(text) for name, text in STRINGS.items()}, "desk-strings")


@register.inclusion_tag("admin/updates/entry/_safety.html", takes_context=True)
def entry_safety(context: dict[str, Any], event: Event, entry: Entry | None) -> dict[str, Any]:
    """Addresses and limits for the scripts of the update form, inside ``<entry-composer>``."""
    return {"user": context["request"].user, "event": event, "entry": entry, "part_size": PART_SIZE}


@register.filter
def is_today(value: datetime) -> bool:
    return timezone.localdate(value) == timezone.localdate()


@register.filter
def short_day(value: datetime) -> str:
    """13 Mar"""
    return date_format(timezone.localtime(value), pgettext("format of day and short month", "j M"))
