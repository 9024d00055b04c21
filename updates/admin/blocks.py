"""The blocks of an entry as forms. They are read into contents and write nothing."""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from updates.content.embeds import find_embed
from updates.content.webvtt import clean_captions
from updates.models import EmbedBlock, Image, PhotoBlock, QuoteBlock, TextBlock
from updates.models.entry import REGION
from updates.publishing import BlockContent, EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from updates.publishing.content import block_fields, clean_captions_language
from updates.publishing.draft_content import clean_draft_block
from updates.types import Actor
from updates.untyped import Context
from updates.zones import zone_named

from .base import replace_values
from .fields import CaptionsInput, DeskEditor, WallClockField, same_minute, to_wall_clock, undo_stripping
from .pictures import PictureField

PLACE = ("region", "ordering")


class BlockForm(forms.ModelForm):  # type: ignore[type-arg]
    """One block. ``content`` is set once it is valid, and stays ``None`` for an empty block."""

    content: BlockContent | None = None

    def __init__(
        self,
        *args: Any,  # and options: those of Django's own form, which has many
        user: Actor = None,
        may_upload: bool = False,
        unfinished: bool = False,
        zone: str = "UTC",
        **options: Any,  # as above
    ) -> None:
        """``unfinished`` is for drafts, where no field is required; ``zone`` is the event's time zone."""
        super().__init__(*args, **options)
        self.unfinished, self.zone = unfinished, zone_named(zone)
        for field in self.fields.values():
            if isinstance(field, PictureField):
                field.for_user(user, may_upload=may_upload)
            elif unfinished:
                field.required = False
            if isinstance(field, WallClockField):
                field.zone = self.zone
        self.fields["region"].initial = REGION
        for name in PLACE:  # a script fills them in
            self.fields[name].required = False
            self.fields[name].widget = forms.HiddenInput()

    def has_changed(self) -> bool:
        return any(name not in PLACE for name in self.changed_data)

    def clean(self) -> Context:
        cleaned: Context = super().clean() or {}
        undo_stripping(self, cleaned)
        if not self.errors:
            content = self.as_content(cleaned)
            self.content = clean_draft_block(content) if self.unfinished else content.cleaned()
        return cleaned

    @abstractmethod
    def as_content(self, cleaned: Context) -> BlockContent:
        """Return the content of this block for the operation."""

    def _post_clean(self) -> None:
        """Skip the model's checks: the operation makes the rows."""

    @property
    def ordering(self) -> int:
        return int(self.cleaned_data.get("ordering") or 0)


class TextForm(BlockForm):
    class Meta:
        widgets = {"html": DeskEditor}

    def as_content(self, cleaned: Context) -> BlockContent:
        return TextContent(cleaned["html"])


class PhotoForm(BlockForm):
    image = PictureField(label=_("photo"))
    until = WallClockField(
        label=_("Show until"), required=False, help_text=_("The photo disappears everywhere at this time."), later=False
    )

    class Meta:
        error_messages = {
            "alt": {"required": _("Describe what the photo shows, for readers who cannot see it.")},
            "credit": {"required": _("Say who took the photo.")},
        }

    def clean(self) -> Context:
        image = self.cleaned_data.get("image")
        if isinstance(image, Image):
            self._offer_captions(image)
            self._check_time(image)
        return super().clean()

    @property
    def limit(self) -> tuple[int, datetime] | None:
        """Return a picture and its new “Show until”; ``None`` if that is empty or unchanged."""
        image, until = self.cleaned_data.get("image"), self.cleaned_data.get("until")
        if not isinstance(image, Image) or until is None or self._is_known(image):
            return None
        return image.pk, until

    def _is_known(self, image: Image) -> bool:
        """Compare as the field shows it: in minutes, with a repeated hour only once."""
        return same_minute(image.expires_at, self.cleaned_data["until"], self.zone.key)

    def _check_time(self, image: Image) -> None:
        until = self.cleaned_data.get("until") or image.expires_at
        if not self.unfinished and until is not None and until <= timezone.now():
            self.add_error("until", _("This photo has expired. Remove it, or set a later time."))

    def as_content(self, cleaned: Context) -> BlockContent:
        until = self.limit[1] if self.limit else None
        return PhotoContent(cleaned["image"].pk, cleaned["alt"], cleaned["credit"], cleaned["caption"], until)

    def _offer_captions(self, image: Image) -> None:
        """Fill empty fields from the metadata of the file, if the form has errors and comes back: nothing is published
        that nobody has seen."""
        if not self.errors:
            return
        for name in ("alt", "caption", "credit"):
            if not self[name].data and (value := getattr(image, name)):
                replace_values(self, **{name: value})


class QuoteForm(BlockForm):
    class Meta:
        error_messages = {
            "text": {"required": _("Enter what was said.")},
            "attribution": {"required": _("Enter who said it.")},
        }

    def as_content(self, cleaned: Context) -> BlockContent:
        return QuoteContent(cleaned["text"], cleaned["attribution"])


class EmbedForm(BlockForm):
    url = forms.CharField(label=_("link"), max_length=1000, widget=forms.URLInput)
    poster = PictureField(label=_("poster picture"), required=False)

    class Meta:
        widgets = {"captions": CaptionsInput}

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if not self.unfinished:
            find_embed(url)
        return url

    def clean_captions(self) -> str:
        captions = str(self.cleaned_data["captions"])
        return captions if self.unfinished else clean_captions(captions)

    def clean_captions_language(self) -> str:
        tag = str(self.cleaned_data["captions_language"])
        return tag if self.unfinished else clean_captions_language(tag)

    def as_content(self, cleaned: Context) -> BlockContent:
        poster = cleaned["poster"]
        words = {name: cleaned[name] for name in ("lead_in", "title", "captions", "captions_language")}
        return EmbedContent(cleaned["url"], poster_id=poster.pk if poster else None, **words)


class BlockFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """All blocks of one kind, always as new forms: an entry gets exactly the blocks of the page."""

    kind = ""

    def __init__(self, *args: Any, initial: list[Context] | None = None, **options: Any) -> None:  # as above
        super().__init__(*args, initial=initial, **options)
        self.extra = len(initial or ())

    @cached_property
    def empty_form(self) -> BlockForm:
        """Make the form that scripts copy once: drawing a page asks for it three times."""
        return cast(BlockForm, super().empty_form)

    @classmethod
    def get_default_prefix(cls) -> str:
        return cls.kind

    @property
    def ordered_contents(self) -> Iterable[tuple[int, BlockContent]]:
        forms = cast("list[BlockForm]", self.forms)
        return [(form.ordering, form.content) for form in forms if form.content is not None]


class BlockInline(admin.StackedInline):  # type: ignore[type-arg]
    template = "admin/updates/entry/block.html"
    fk_name = "parent"
    extra = 0
    max_num = 60
    can_delete = False
    kind = ""

    @property
    def media(self) -> forms.Media:
        """Leave out Django's scripts for formsets: static/js/admin/block_list.js does what blocks need."""
        return forms.Media()

    # The operation checks who may write.
    def has_view_permission(self, request: object, obj: object = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False


def _kind(name: str, model: object, form: object, *fields: str, columns: bool = False) -> type[BlockInline]:
    options = {
        "model": model,
        "form": form,
        "formset": type(f"{name.title()}FormSet", (BlockFormSet,), {"kind": name}),
        "fields": (*fields, *PLACE),
        "icon": format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name),
        "kind": name,
        "columns": columns,
    }
    return type(f"{name.title()}Inline", (BlockInline,), options)


BLOCK_INLINES = (
    _kind("text", TextBlock, TextForm, "html"),
    _kind("photo", PhotoBlock, PhotoForm, "image", "alt", "caption", "credit", "until", columns=True),
    _kind("quote", QuoteBlock, QuoteForm, "text", "attribution"),
    _kind("embed", EmbedBlock, EmbedForm, "url", "lead_in", "title", "poster", "captions", "captions_language"),
)


def contents(formsets: Iterable[BlockFormSet]) -> tuple[BlockContent, ...]:
    """Return the contents of valid forms, in the order of the page."""
    placed = [pair for formset in formsets for pair in formset.ordered_contents]
    return tuple(content for _place, content in sorted(placed, key=lambda pair: pair[0]))


def limits(formsets: Iterable[BlockFormSet]) -> dict[int, datetime]:
    """Return the new “Show until” of pictures, from valid forms."""
    moments = (getattr(form, "limit", None) for formset in formsets for form in formset.forms)
    return dict(limit for limit in moments if limit)


def initial_blocks(blocks: Iterable[BlockContent], zone: str) -> dict[str, list[Context]]:
    """Return the initial values of each kind's forms, with one query for all pictures."""
    initial: dict[str, list[Context]] = {"text": [], "photo": [], "quote": [], "embed": []}
    blocks = tuple(blocks)
    ids = EntryContent(blocks=blocks).image_ids()
    images = Image.objects.in_bulk(list(ids)) if ids else {}
    for position, block in enumerate(blocks, start=1):
        kind, values = _values(block, images, zone)
        initial[kind].append(values | {"region": REGION, "ordering": position * 10})
    return initial


def _values(block: BlockContent, images: dict[int, Image], zone: str) -> tuple[str, Context]:
    match block:
        case TextContent():
            return "text", {"html": block.html}
        case PhotoContent():
            image = images[block.image_id]
            until = to_wall_clock(block.until or image.expires_at, zone)
            words = {"alt": block.alt, "caption": block.caption, "credit": block.credit}
            return "photo", {"image": image, "until": until} | words
        case QuoteContent():
            return "quote", {"text": block.text, "attribution": block.attribution}
        case EmbedContent():
            poster = images[block.poster_id] if block.poster_id else None
            return "embed", block_fields(block) | {"poster": poster}
