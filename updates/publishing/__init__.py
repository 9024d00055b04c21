"""The only writer of events, entries and the log. Every operation asks, numbers, writes and nudges in one transaction.

Admin, commands, the demo and tests call these functions; nothing else saves what readers see.
"""

from .content import BlockContent, EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from .desk_rows import read_content
from .entries import Posted, publish
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
from .imports import EntryRecord, EventRecord, Removal, import_event
from .masters import add_picture, keep_picture
from .meanwhile import last_word
from .moderation import mark_key, pin, remove, restore, unpin
from .ordering import move, move_down, move_up, set_time
from .parts import PART_SIZE, Upload, sweep_parts, take_part
from .people import assign, unassign
from .pictures import sweep
from .rewriting import UNCHANGED, clarify, correct, edit, restore_version

__all__ = [
    "PART_SIZE",
    "SETTINGS",
    "TRANSITIONS",
    "UNCHANGED",
    "BlockContent",
    "EmbedContent",
    "EntryContent",
    "EntryRecord",
    "EventDetails",
    "EventRecord",
    "KeyReused",
    "NewerVersion",
    "PhotoContent",
    "Posted",
    "QuoteContent",
    "Refused",
    "Removal",
    "TextContent",
    "Upload",
    "add_picture",
    "announce_event",
    "assign",
    "cancel_event",
    "change_event",
    "change_state",
    "clarify",
    "correct",
    "create_event",
    "edit",
    "end_event",
    "import_event",
    "keep_picture",
    "last_word",
    "mark_key",
    "move",
    "move_down",
    "move_up",
    "open_event",
    "pin",
    "postpone_event",
    "publish",
    "read_content",
    "remove",
    "reopen_event",
    "restore",
    "restore_version",
    "set_time",
    "start_epoch",
    "sweep",
    "sweep_parts",
    "take_part",
    "unassign",
    "unpin",
]
