"""The only writer of events, entries and the log.

Every operation takes the event's lock, checks, writes, numbers and notifies in one transaction. The admin, commands and
tests call them by this package; pictures, imports, people and what the scheduler does have modules of their own.
"""

from .content import BlockContent, EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from .content_mapping import read_content
from .drafts import discard, discard_copy, save_draft
from .editing import clarify, correct, edit, restore_version
from .entries import approve, publish, publish_entry, publish_now
from .entry_input import EntryInput, EntryResult
from .errors import KeyReused, NewerVersion, Refused
from .events import EventDetails, change_event, change_state, create_event
from .expiry import expire_pictures, show_until
from .moderation import mark_key, pin, remove, restore, unpin
from .ordering import move, move_down, move_up, set_time
from .people import assign, unassign
from .revisions import approve_revision, propose, send_back_revision, withdraw_revision
from .schedule import schedule, unschedule
from .submissions import send_back, submit, withdraw

__all__ = [  # noqa: RUF022 – grouped by subject
    # what goes in and comes out
    "BlockContent", "EmbedContent", "EntryContent", "EntryInput", "EntryResult", "EventDetails",
    "PhotoContent", "QuoteContent", "TextContent", "read_content",
    # refusals
    "KeyReused", "NewerVersion", "Refused",
    # events and their people
    "assign", "change_event", "change_state", "create_event", "unassign",
    # unpublished entries
    "approve", "discard", "discard_copy", "publish", "publish_entry", "publish_now", "save_draft", "schedule",
    "send_back", "submit", "unschedule", "withdraw",
    # published entries
    "clarify", "correct", "edit", "mark_key", "move", "move_down", "move_up", "pin", "remove", "restore",
    "restore_version", "set_time", "unpin",
    # changes that wait for approval
    "approve_revision", "propose", "send_back_revision", "withdraw_revision",
    # pictures
    "expire_pictures", "show_until",
]  # fmt: skip
