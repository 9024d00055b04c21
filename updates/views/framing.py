"""Responses that pages of other sites may frame."""

from django.http import HttpResponse

from updates.embedding import frame_ancestors
from updates.models import Event


def framable(response: HttpResponse, event: Event) -> HttpResponse:
    """Let the event's sites and this site frame a response; ``liveblog/security.py`` writes the policy.

    ``X-Frame-Options`` cannot name other sites. Where there are any, it is left out, and the policy alone decides.
    """
    response.frame_ancestors = frame_ancestors(event.embed_sites)  # type: ignore[attr-defined]
    response.xframe_options_exempt = True  # for Django's middleware
    if not event.embed_sites:
        response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # for parents with Cross-Origin-Embedder-Policy
    return response
