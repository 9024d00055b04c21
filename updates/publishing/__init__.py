"""The only writer of events, entries and the log. Every operation asks, numbers, writes and nudges in one transaction.

Admin, commands, the demo and tests call these functions; nothing else saves what readers see.
"""

from .auto_end import end_if_quiet, quiet_ids
from .content import BlockContent, EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from .content_mapping import read_content
from .desk_content import desk_content
from .drafts import discard, discard_copy, save_draft
from .editing import UNCHANGED, clarify, correct, edit, restore_version
from .entries import approve, publish, publish_entry, publish_now
from .entry_input import EntryInput, EntryResult
from .erasure import Purged, purge_entry
from .errors import KeyReused, NewerVersion, Refused
from .events import (
    SETTINGS,
    TRANSITIONS,
    EventDetails,
    announce_event,
    cancel_event,
    change_event,
    change_state,
    create_event,
    end_event,
    open_event,
    postpone_event,
    reopen_event,
    start_epoch,
)
from .imports import CorrectionRecord, EntryRecord, EventRecord, Removal, import_event
from .last_change import last_word
from .moderation import mark_key, pin, remove, restore, unpin
from .ordering import move, move_down, move_up, set_time
from .pending import waiting_in
from .people import Link, Newcomer, assign, invite, make_link, unassign
from .pictures.expiry import check_until, expire_pictures, keep_over, show_until
from .pictures.originals import add_picture, keep_picture
from .pictures.renditions import sweep
from .pictures.uploads import PART_SIZE, Upload, sweep_parts, take_part
from .revisions import approve_revision, propose, revision_content, send_back_revision, withdraw_revision
from .schedule import coming, due_ids, publish_due, schedule, unschedule
from .submissions import send_back, submit, withdraw
from .unfinished import unfinished, unfinished_block

__all__ = [
    "PART_SIZE",
    "SETTINGS",
    "TRANSITIONS",
    "UNCHANGED",
    "BlockContent",
    "CorrectionRecord",
    "EmbedContent",
    "EntryContent",
    "EntryInput",
    "EntryRecord",
    "EntryResult",
    "EventDetails",
    "EventRecord",
    "KeyReused",
    "Link",
    "Newcomer",
    "NewerVersion",
    "PhotoContent",
    "Purged",
    "QuoteContent",
    "Refused",
    "Removal",
    "TextContent",
    "Upload",
    "add_picture",
    "announce_event",
    "approve",
    "approve_revision",
    "assign",
    "cancel_event",
    "change_event",
    "change_state",
    "check_until",
    "clarify",
    "coming",
    "correct",
    "create_event",
    "desk_content",
    "discard",
    "discard_copy",
    "due_ids",
    "edit",
    "end_event",
    "end_if_quiet",
    "expire_pictures",
    "import_event",
    "invite",
    "keep_over",
    "keep_picture",
    "last_word",
    "make_link",
    "mark_key",
    "move",
    "move_down",
    "move_up",
    "open_event",
    "pin",
    "postpone_event",
    "propose",
    "publish",
    "publish_due",
    "publish_entry",
    "publish_now",
    "purge_entry",
    "quiet_ids",
    "read_content",
    "remove",
    "reopen_event",
    "restore",
    "restore_version",
    "revision_content",
    "save_draft",
    "schedule",
    "send_back",
    "send_back_revision",
    "set_time",
    "show_until",
    "start_epoch",
    "submit",
    "sweep",
    "sweep_parts",
    "take_part",
    "unassign",
    "unfinished",
    "unfinished_block",
    "unpin",
    "unschedule",
    "waiting_in",
    "withdraw",
    "withdraw_revision",
]
