"""The ordered pieces of an entry, one table for each kind. Adding a kind: README, “How do I…”."""

from content_editor.models import create_plugin_base
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from updates import languages
from updates.choices import EntryStatus
from updates.content import webvtt
from updates.content.sanitize import EDITOR_EXTENSIONS, clean_html
from updates.types import User

from .entry import Entry
from .event import Event
from .guard import Guarded, GuardedQuerySet
from .image import Image

BlockBase = create_plugin_base(Entry)


class Block(Guarded, BlockBase):  # type: ignore[misc, valid-type]
    class Meta(BlockBase.Meta):  # type: ignore[misc, name-defined]
        abstract = True


class TextBlock(Block):
    html = ProseEditorField(_("text"), extensions=EDITOR_EXTENSIONS, sanitize=clean_html, blank=True)

    objects = GuardedQuerySet["TextBlock"].as_manager()

    class Meta(Block.Meta):
        base_manager_name = "objects"
        verbose_name = _("text")
        verbose_name_plural = _("texts")


class PhotoBlockQuerySet(GuardedQuerySet["PhotoBlock"]):
    def in_sight_of(self, user: User, event: Event) -> "PhotoBlockQuerySet":
        """Photos of an event's published entries, and of a user's own in any state."""
        mine = models.Q(parent__status=EntryStatus.PUBLISHED) | models.Q(parent__author=user)
        return self.filter(mine, parent__event=event)


class PhotoBlock(Block):
    image = models.ForeignKey(Image, models.PROTECT, related_name="+", verbose_name=_("photo"))
    alt = models.CharField(_("alt text"), max_length=500, help_text=_("For readers who cannot see it."))
    caption = models.CharField(_("caption"), max_length=1000, blank=True)
    credit = models.CharField(_("credit"), max_length=200)
    until = models.DateTimeField(_("Show until"), null=True, blank=True)
    """“Show until” as saved with a draft; it is set on the picture once the draft is sent."""

    objects = PhotoBlockQuerySet.as_manager()

    class Meta(Block.Meta):
        base_manager_name = "objects"
        verbose_name = _("photo")
        verbose_name_plural = _("photos")


class QuoteBlock(Block):
    text = models.TextField(_("words"))
    attribution = models.CharField(_("who said it"), max_length=200)

    objects = GuardedQuerySet["QuoteBlock"].as_manager()

    class Meta(Block.Meta):
        base_manager_name = "objects"
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")


class EmbedBlock(Block):
    url = models.URLField(_("link"), max_length=1000)
    lead_in = models.CharField(
        _("lead-in"), max_length=200, blank=True, help_text=_("For example: Tomas Wrede reports:")
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    poster = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("poster picture")
    )
    captions = models.TextField(
        _("captions"), max_length=webvtt.LONGEST, blank=True, help_text=_("The text of a .vtt or .srt file.")
    )
    captions_language = models.CharField(
        _("language of the captions"),
        max_length=languages.LONGEST,
        blank=True,
        help_text=_("For example: en. Empty: the language of the live blog."),
    )

    objects = GuardedQuerySet["EmbedBlock"].as_manager()

    class Meta(Block.Meta):
        base_manager_name = "objects"
        verbose_name = _("embed")
        verbose_name_plural = _("embeds")


BLOCK_MODELS: tuple[type[Block], ...] = (TextBlock, PhotoBlock, QuoteBlock, EmbedBlock)
