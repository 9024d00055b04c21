"""The only writer of events, entries and the log. Every operation asks, numbers, writes and nudges in one transaction.

Admin, commands, the demo and tests call these functions; nothing else saves what readers see.
"""

from .auto_end import end_if_quiet, quiet_ids
from .content import BlockContent, EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from .content_mapping import read_content
from .desk_content import desk_content
from .draft_content import clean_draft, clean_draft_block
from .drafts import discard, discard_copy, save_draft
from .editing import UNCHANGED, clarify, correct, edit, restore_version
from .entries import approve, publish, publish_entry, publish_now
from .entry_input import EntryInput, EntryResult
from .erasure import Erasure, erase_entry
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
from .last_change import last_change_sentence
from .moderation import mark_key, pin, remove, restore, unpin
from .ordering import move, move_down, move_up, set_time
from .pending import waiting_in
from .people import Link, Newcomer, assign, invite, make_link, unassign
from .pictures.expiry import check_show_until, expire_pictures, show_until, undo_show_until
from .pictures.originals import add_picture, import_picture
from .pictures.renditions import sweep
from .pictures.uploads import PART_SIZE, Upload, save_part, sweep_uploads
from .revisions import approve_revision, propose, revision_content, send_back_revision, withdraw_revision
from .schedule import coming, publish_due, schedule, unschedule
from .submissions import send_back, submit, withdraw

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
    "Erasure",
    "EventDetails",
    "EventRecord",
    "KeyReused",
    "Link",
    "Newcomer",
    "NewerVersion",
    "PhotoContent",
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
    "check_show_until",
    "clarify",
    "clean_draft",
    "clean_draft_block",
    "coming",
    "correct",
    "create_event",
    "desk_content",
    "discard",
    "discard_copy",
    "edit",
    "end_event",
    "end_if_quiet",
    "erase_entry",
    "expire_pictures",
    "import_event",
    "import_picture",
    "invite",
    "last_change_sentence",
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
    "quiet_ids",
    "read_content",
    "remove",
    "reopen_event",
    "restore",
    "restore_version",
    "revision_content",
    "save_draft",
    "save_part",
    "schedule",
    "send_back",
    "send_back_revision",
    "set_time",
    "show_until",
    "start_epoch",
    "submit",
    "sweep",
    "sweep_uploads",
    "unassign",
    "undo_show_until",
    "unpin",
    "unschedule",
    "waiting_in",
    "withdraw",
    "withdraw_revision",
]
