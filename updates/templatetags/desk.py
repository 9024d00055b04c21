"""Tags and filters of the desk's pages, with the sentences that its scripts show."""

from datetime import datetime

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from updates.content.embed_kinds import embed_table
from updates.models import Entry, Event, display_name
from updates.permissions import may_create_event
from updates.publishing.pictures import PART_SIZE
from updates.queries.own_live_blogs import own_live_blogs as live_blogs_of
from updates.rendering import dates
from updates.types import User
from updates.untyped import Context
from updates.zones import zone_named

register = template.Library()
register.filter(display_name)
register.filter(dates.short_day)
register.filter(dates.to_the_second)
register.filter(dates.with_zone)
register.filter(dates.zone)

STRINGS = {
    # Photos
    "pick": _("Photos of this live blog"),
    "loading": _("Loading …"),
    "no_pictures": _("No photo has been used in this live blog yet."),
    "cancel": _("Cancel"),
    "chosen": _("Chosen picture"),
    "uploading": _("Upload"),
    "preparing": _("Preparing the photo …"),
    "sending": _("Uploading, {share} %"),
    "waiting": _("No connection. The upload continues when you are back online."),
    "file_gone": _("This device no longer has the photo. Choose it again."),
    # Drafts
    "restored": _("Draft from {at} restored."),
    "discard": _("Discard"),
    "untitled": _("No text yet"),
    "saved": _("Saved here at {at}"),
    "saved_at_desk": _("Saved here at {at}, and at the desk"),
    "saved_at_desk_only": _("Saved at the desk at {at}. This browser does not store anything."),
    "keep_open": _("This browser does not store anything. Keep this page open until the update is sent."),
    "saved_elsewhere": _("Changed on another device. Save or send to compare both versions."),
    "not_saved": _("Not saved on this device: this browser does not store anything."),
    # The editor's buttons
    "editor_heading_3": _("Heading"),
    "editor_heading_4": _("Smaller heading"),
    "editor_bullets": _("List with bullets"),
    "editor_numbers": _("List with numbers"),
    "editor_bold": _("Bold"),
    "editor_italic": _("Italic"),
    "editor_link": _("Link"),
    "editor_change_link": _("Change link"),
    "editor_unlink": _("Remove link"),
    "editor_address": _("Address"),
    "editor_title": _("Title (optional)"),
    "editor_set_link": _("Set link"),
    "editor_table": _("Table"),
    "editor_addColumnAfter": _("Add column"),
    "editor_deleteColumn": _("Delete column"),
    "editor_addRowAfter": _("Add row"),
    "editor_deleteRow": _("Delete row"),
    "editor_mergeCells": _("Merge cells"),
    "editor_splitCell": _("Split cell"),
    "editor_toggleHeaderCell": _("Heading cell"),
    "editor_deleteTable": _("Delete table"),
    "editor_undo": _("Undo"),
    "editor_redo": _("Redo"),
    # Text that is pasted or too long
    "left_out": _("Left out because it was deleted, struck out or hidden: {text}"),
    "too_long": _("{count} characters too long; the limit is {limit}. Shorten it before you send: “{text}”"),
    # Addresses
    "becomes_video": _("This becomes a video from {host}."),
    "becomes_post": _("This becomes a post from {host}."),
    "becomes_sound": _("This becomes a recording from {host}."),
    "becomes_chart": _("This becomes a chart from {host}."),
    "becomes_map": _("This becomes a map from {host}."),
    "becomes_link": _("This becomes a link to {host}."),
    "show_video": _("Show as video"),
    "show_post": _("Show as post"),
    "show_sound": _("Show as recording"),
    "show_chart": _("Show as chart"),
    "show_map": _("Show as map"),
    "no_captions": _("This file has no captions. Choose a .vtt or .srt file."),
    # Other tabs of this browser
    "also_open": _("This update is also open in another tab. Each tab keeps its own text."),
    "logged_out": _("You logged out in another tab. What you write here is no longer saved on this device."),
    # On its way
    "state_sending": _("Sending …"),
    "state_queued": _("Waiting for a connection since {at}:"),
    "state_login": _("Waiting for you to log in since {at}:"),
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
    "login_ended": _("You have been logged out"),
    "login_why": _("Nothing you typed is lost. Log in again to send it."),
    "second_factor": _("Your account needs a second factor. Set it up in another tab, then come back to this one."),
    "set_up": _("Set up the second factor"),
    "not_now": _("Not now"),
    "no_line": _("No connection. Try again."),
    "busy": _("The server gave an unexpected answer. Check whether it worked before you try again."),
    "stranger": _("Somebody else is now logged in here. Log out in another tab, then log in with your own account."),
    "log_in": _("Log in"),
    # The timeline
    "desk_waits": _("No connection. The timeline reconnects automatically."),
    "desk_closed": _("You are no longer assigned to this live blog."),
    "you": _("you"),
    "here": _("{count} editors here: {names}"),
    "is_writing": _("{name} (writing)"),
    "also_editing": _("Also editing: {names}"),
    "preview": _("Preview"),
    "close": _("Close"),
    # Correcting in a row
    "link_found": _("Title or picture come from the page. Check them before you publish."),
    "words_shared": _("The other photos have the same caption and credit, except where you had typed others."),
    "leave_as_is": _("Leave it as it is"),
    "open_form": _("Open the form"),
    "discard_typed": _("Discard what you typed?"),
    "keep_writing": _("Keep writing"),
    # Keys
    "keys": _("Keyboard shortcuts"),
    "keys_on": _("Use single-letter keys outside text fields"),
    "key_send": _("Publish"),
    "key_out": _("Go from the form to the timeline"),
    "key_write": _("Go to the text"),
    "key_next": _("Next update"),
    "key_back": _("Previous update"),
    "key_edit": _("Edit the update"),
    "key_correct": _("Correct the update"),
    "key_find": _("Find an update"),
    "key_point": _("Move a point of “What we know”"),
    "key_move": _("Choose another place for the update"),
    "move_above": _("Above “{title}”. Enter moves it there, Esc cancels."),
    "move_bottom": _("At the bottom. Enter moves it there, Esc cancels."),
    "key_list": _("This list"),
    # Logging out
    "leave_title": _("Log out?"),
    "leave_why": _("Logging out deletes what this device stores for you:"),
    "drafts": _("drafts: {count}"),
    "unsent": _("updates not sent yet: {count}"),
    "stay": _("Stay"),
    "leave": _("Log out and delete"),
}


@register.simple_tag
def desk_strings() -> SafeString:
    return json_script({name: str(text) for name, text in STRINGS.items()}, "desk-strings")


@register.inclusion_tag("admin/updates/_own_live_blogs.html")
def own_live_blogs(user: User) -> Context:
    own = live_blogs_of(user)
    return {"own": own, "creates": may_create_event(user)}


@register.filter
def newest_time(entry: Entry, event: Event) -> str:
    """Return when an update was published, in the zone of its live blog; with the day unless it is today."""
    moment = entry.published_at or entry.created_at
    with timezone.override(zone_named(event.time_zone)):
        return dates.moment(moment, timezone.now())


@register.inclusion_tag("admin/updates/entry/_safety.html", takes_context=True)
def entry_safety(context: Context, event: Event, entry: Entry | None) -> Context:
    """Addresses and limits for the scripts of the update form, inside ``<entry-composer>``."""
    now = timezone.localtime(timezone=zone_named(event.time_zone)).isoformat(timespec="seconds")
    return {
        "user": context["request"].user,
        "event": event,
        "entry": entry,
        "part_size": PART_SIZE,
        "now": now,
        "fetches_links": settings.FETCH_LINK_TITLES,
    }


@register.filter
def is_today(value: datetime) -> bool:
    return timezone.localdate(value) == timezone.localdate()


@register.simple_tag
def embed_table_json() -> SafeString:
    return json_script(embed_table(), "embed-table")
