"""The code with which other sites embed a live blog, and which sites may."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from updates.admin.base import assigned_event
from updates.admin.responses import Answer, PageResponse
from updates.embedding import EVERY_SITE
from updates.permissions import may_manage
from updates.rendering.section import VIEWS
from updates.rendering.snippets import Snippets
from updates.site_address import site_address
from updates.types import user_of


@require_safe
def embed_view(request: HttpRequest, pk: int) -> Answer:
    event = assigned_event(request, pk)
    settings_address = reverse("admin:updates_event_change", args=[event.pk]) + "#id_embed_sites"
    context = {
        "event": event,
        "subtitle": event.title,
        "sites": event.embed_sites,
        "is_open": EVERY_SITE in event.embed_sites,
        "settings_address": settings_address if may_manage(user_of(request), event) else "",
        "views": [Snippets(event, site_address(request), view) for view in VIEWS],
        "page": site_address(request) + event.get_absolute_url(),
    }
    return PageResponse("event/embed.html", _("Embed"), context)
