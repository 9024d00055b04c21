"""The only writer of events, entries and the log. Every operation asks, numbers, writes and nudges in one transaction.

Admin, commands, the demo and tests call these functions; nothing else saves what readers see.
"""

from .content import BlockContent, EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from .desk_rows import read_content
from .entries import Posted, correct, edit, publish
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
from .moderation import mark_key, move, pin, remove, restore, unpin
from .parts import PART_SIZE, Upload, sweep_parts, take_part
from .people import assign, unassign
from .pictures import sweep

__all__ = [
    "PART_SIZE",
    "SETTINGS",
    "TRANSITIONS",
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
    "correct",
    "create_event",
    "edit",
    "end_event",
    "import_event",
    "keep_picture",
    "mark_key",
    "move",
    "open_event",
    "pin",
    "postpone_event",
    "publish",
    "read_content",
    "remove",
    "reopen_event",
    "restore",
    "start_epoch",
    "sweep",
    "sweep_parts",
    "take_part",
    "unassign",
    "unpin",
]
