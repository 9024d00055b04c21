from .alert import Alert, PushSubscription
from .assignment import Assignment
from .blocks import BLOCK_MODELS, Block, EmbedBlock, PhotoBlock, QuoteBlock, TextBlock
from .byline import Byline, Person, display_name
from .change import Change
from .entry import Entry
from .event import Event
from .event_minute import EventMinute
from .image import Image, Rendition
from .link_lookup import LinkLookup
from .pending_purge import PendingPurge
from .picture_use import PictureUse
from .picture_visibility import is_visible_to
from .process_state import Delivery, DeskPresence, ReaderCount
from .revision import Revision
from .share_card import ShareCard
from .user_session import UserSession
from .webhook import Webhook, WebhookCursor, WebhookDelivery

__all__ = [
    "BLOCK_MODELS",
    "Alert",
    "Assignment",
    "Block",
    "Byline",
    "Change",
    "Delivery",
    "DeskPresence",
    "EmbedBlock",
    "Entry",
    "Event",
    "EventMinute",
    "Image",
    "LinkLookup",
    "PendingPurge",
    "Person",
    "PhotoBlock",
    "PictureUse",
    "PushSubscription",
    "QuoteBlock",
    "ReaderCount",
    "Rendition",
    "Revision",
    "ShareCard",
    "TextBlock",
    "UserSession",
    "Webhook",
    "WebhookCursor",
    "WebhookDelivery",
    "display_name",
    "is_visible_to",
]
