"""The desk as an app: its manifest, and what a phone shares with it – a text, a link, a photo.

A share arrives as a POST without a token, as every other site could send one. So nothing is stored for it: the service
worker takes it on the device, and a page asks for which live blog it is. Only that page's own form makes a draft.
``docs/decisions/0030-a-share-is-confirmed.md`` says why.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from updates import publishing
from updates.accounts.site import start_address
from updates.models import Event, Image
from updates.publishing import (
    BlockContent,
    EmbedContent,
    EntryContent,
    EntryInput,
    PhotoContent,
    Refused,
    TextContent,
)
from updates.queries.own_live_blogs import only_live_blog
from updates.types import User, user_of
from updates.untyped import Context

from .base import errors_shown_by, replace_values, status_with
from .fields import UnstrippedForm
from .pictures import PictureField
from .responses import Answer, PageResponse, Redirect

LONGEST_TEXT: Final = 10_000
ICON: Final = "img/desk-{}.png"
_LINK: Final = re.compile(r"\bhttps?://\S")


class ShareForm(UnstrippedForm):
    event = forms.ModelChoiceField(
        label=gettext_lazy("Live blog"), queryset=Event.objects.none(), widget=forms.RadioSelect, empty_label=None,
        error_messages={"required": gettext_lazy("Choose the live blog that it is for.")},
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("Headline"), required=False, max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )
    url = forms.CharField(label=gettext_lazy("Link"), required=False, max_length=1000)
    photo = PictureField(label=gettext_lazy("Photo"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, request: HttpRequest, *, is_sent: bool) -> None:
        user = user_of(request)
        shared = {name: request.POST.get(name, "")[:LONGEST_TEXT] for name in ("title", "text", "url")}
        initial: Context = shared | {"key": uuid4().hex, "event": only_live_blog(user)}
        files = request.FILES if is_sent else None
        super().__init__(request.POST if is_sent else None, files, initial=initial)
        events = Event.objects.of(user).at_work()
        self.fields["event"].queryset = events  # type: ignore[attr-defined]
        self.fields["photo"].for_user(user, may_upload=events.exists())  # type: ignore[attr-defined]

    def clean(self) -> Context:
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(name) for name in ("title", "text", "url", "photo")):
            self.add_error(None, _("There is nothing to write about yet. Add a text, a link or a photo."))
        return cleaned

    def content(self) -> EntryContent:
        """Return the shared things as the content of a draft, which may be unfinished."""
        data = self.cleaned_data
        text, url = _split(data["text"], data["url"].strip())
        link = _link(url, data["title"])
        headline = "" if isinstance(link, EmbedContent) else data["title"]
        blocks = [block for block in (_text(text), link, _photo(data["photo"])) if block is not None]
        return EntryContent(headline, tuple(blocks or [TextContent("")]))


@csrf_exempt  # a phone has no token; nothing is stored
def share_view(request: HttpRequest) -> Answer:
    """Show what was shared, with the question where it belongs."""
    return _page(ShareForm(request, is_sent=False), user_of(request))


@require_POST
def share_draft_view(request: HttpRequest) -> Answer:
    """Make a draft of it, which only its writer, moderators and editors see."""
    form, user = ShareForm(request, is_sent=True), user_of(request)
    if form.is_valid():
        key, event = form.cleaned_data["key"] or uuid4().hex, form.cleaned_data["event"]
        try:
            with errors_shown_by(form):
                entry = publishing.save_draft(EntryInput(event.pk, form.content(), key=key), user).entry
                address = reverse("admin:updates_entry_change", args=[entry.pk])
                return Redirect(address, _("Saved as your draft. Only the newsroom sees it until you publish it."))
        except Refused as error:
            form.add_error(None, str(error))
            replace_values(form, key=uuid4().hex)  # pressed again, it becomes another draft
    return _page(form, user)


def _page(form: ShareForm, user: User) -> PageResponse:
    context = {"has_events": Event.objects.of(user).at_work().exists()}
    return PageResponse("share.html", _("Share to a live blog"), context, form=form, status=status_with(form))


def _split(text: str, url: str) -> tuple[str, str]:
    """Take the link off the end of a text: phones put that of a page behind its title, in one text."""
    words = text.rsplit(None, 1)
    match = _LINK.search(words[-1]) if words and not url else None
    if match is None:
        return text, url
    link = words[-1][match.start() :]
    return text.rstrip().removesuffix(link), link


def _text(text: str) -> TextContent | None:
    lines = [line for line in text.splitlines() if line.strip()]
    return TextContent(format_html_join("", "<p>{}</p>", ((line,) for line in lines))) if lines else None


def _link(url: str, title: str) -> BlockContent | None:
    """Return an embed, or the words where the address cannot be one."""
    if not url:
        return None
    try:
        return EmbedContent(url, title=title).cleaned()
    except ValidationError:
        return TextContent(format_html("<p>{}</p>", url))


def _photo(image: Image | None) -> PhotoContent | None:
    return PhotoContent(image.pk, image.alt, image.credit, image.caption) if image else None


# The app


@require_safe
def manifest_view(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 – a view
    """Describe the desk as an app of a phone, to people who are logged in."""
    sizes = ("192", "512")
    icons = [{"src": static(ICON.format(size)), "type": "image/png", "sizes": f"{size}x{size}"} for size in sizes]
    described = {
        "id": reverse("admin:index"),
        "name": _("%s – desk") % settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "lang": get_language(),
        "start_url": start_address(),
        "scope": reverse("admin:index"),
        "display": "standalone",
        "background_color": "#14181d",
        "theme_color": "#14181d",
        "icons": [icon | {"purpose": purpose} for icon in icons for purpose in ("any", "maskable")],
        "share_target": {
            "action": reverse("admin:updates_share"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                "title": "title", "text": "text", "url": "url", "files": [{"name": "photo", "accept": ["image/*"]}],
            },
        },
    }  # fmt: skip
    return JsonResponse(described, content_type="application/manifest+json", headers={"Cache-Control": "no-store"})


@require_safe
def share_worker_view(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 – a view
    """Send the worker from below the address that it answers, which is all that it may touch."""
    return HttpResponse(_worker(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@cache
def _worker() -> bytes:
    place = finders.find("js/share_worker.js")
    if not place:
        raise FileNotFoundError("static/js/share_worker.js")
    return Path(place).read_bytes()
