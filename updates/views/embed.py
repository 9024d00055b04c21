"""A live blog on pages of other sites: a page to frame, and HTML to insert."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from updates.cdn import entry_key, event_key
from updates.models import Event
from updates.queries import reader_pages
from updates.queries.sections import Section, changed_entries, newest_entries, one_entry
from updates.rendering import in_words_of
from updates.rendering.section import SectionPlan, section_html, version_of
from updates.site_address import site_address
from updates.untyped import Context

from . import cached_pages
from .catch_up import SHARED
from .cross_origin import VERSION, absent, is_allowed_parent, plain_refusal, readable, refused
from .framing import framable
from .section_request import BadSection, SectionRequest


@cached_pages.for_readers
def embed_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the newest entries, or headlines, in a page for frames of the sites that may embed the event."""
    try:
        asked = SectionRequest.of(request.GET)
    except BadSection as reason:
        return plain_refusal(400, str(reason))
    with reader_pages.snapshot():
        event = _event(slug)
        alone = _alone(event, asked)
        page = cached_pages.page(
            request,
            f"{version_of(event, event.head)}-embed-{asked.name}-{asked.theme}",
            "updates/embed/page.html",
            lambda: _page_context(request, asked, event, alone),
            event,
        )
    return framable(_marked(page, event, alone), event)


@cached_pages.for_readers
def fragment(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the newest entries as HTML for another page; with ``after`` only what has changed since that version.

    After another epoch everything is new. ``parent`` names the site whose script asks.
    """
    try:
        asked = SectionRequest.of(request.GET)
    except BadSection as reason:
        return plain_refusal(400, str(reason))
    try:
        return _fragment(request, slug, asked)
    except Http404:
        return absent()


def _fragment(request: HttpRequest, slug: str, asked: SectionRequest) -> HttpResponse:
    with reader_pages.snapshot():
        event = _event(slug)
        if not is_allowed_parent(request, event):
            return refused(request, event)
        answer = _newest(request, event, asked) if _starts_anew(event, asked) else _changed(request, event, asked)
    return readable(answer, request, event)


def _event(slug: str) -> Event:
    event = reader_pages.public_event(slug)
    if event is None:
        raise Http404(slug)
    return event


def _starts_anew(event: Event, asked: SectionRequest) -> bool:
    return asked.after is None or asked.epoch not in ("", event.epoch) or asked.after > event.head


def _alone(event: Event, asked: SectionRequest) -> Section | None:
    """Return the section of the one entry that is asked for, if it is."""
    section = one_entry(event, asked.update) if asked.update else None
    if asked.update and section is None:
        raise Http404(asked.update)
    return section


def _marked(answer: HttpResponse, event: Event, alone: Section | None) -> HttpResponse:
    """Set the keys of a response, and its status, which is 410 for an entry that was removed."""
    is_gone = alone is not None and not any(entry.is_published for entry in alone.entries)
    if is_gone and answer.status_code == HTTPStatus.OK:
        answer.status_code = HTTPStatus.GONE
    keys = [entry_key(entry.public_id) for entry in alone.entries] if alone else []
    return cached_pages.keyed(answer, event_key(event.slug), *keys)


def _newest(request: HttpRequest, event: Event, asked: SectionRequest) -> HttpResponse:
    alone, name = _alone(event, asked), f"{version_of(event, event.head)}-fragment-{asked.name}"
    answer = cached_pages.document(request, name, lambda: _html(request, asked, event, alone), event)
    answer[VERSION] = version_of(event, event.head)
    return _marked(answer, event, alone)


def _html(request: HttpRequest, asked: SectionRequest, event: Event, alone: Section | None, heading: str = "h2") -> str:
    section = alone or newest_entries(event, asked.limit, headlines_only=asked.view == "latest")
    return section_html(
        SectionPlan(section, asked.view, asked.limit, site_address(request), heading, update=asked.update)
    )


def _changed(request: HttpRequest, event: Event, asked: SectionRequest) -> HttpResponse:
    after = asked.after or 0
    section = changed_entries(event, after)

    def text() -> str:
        with in_words_of(event):
            return section_html(SectionPlan(section, asked.view, asked.limit, site_address(request), is_part=True))

    etag = f"{settings.RELEASE}-{version_of(event, event.head)}-fragment-{asked.name}-after{after}"
    key = f"{site_address(request)}:{etag}" if event.head - after < SHARED else ""
    answer = cached_pages.data(request, etag, text, key, cached_pages.HTML)
    answer[VERSION] = version_of(event, section.upto)
    return cached_pages.keyed(answer, event_key(event.slug))


def _page_context(request: HttpRequest, asked: SectionRequest, event: Event, alone: Section | None) -> Context:
    return {
        "event": event,
        "theme": asked.theme,
        "section": _html(request, asked, event, alone, "h1"),
        "canonical": site_address(request) + event.get_absolute_url(),
        "fragment": reverse("fragment", args=[event.slug]) + asked.query,
        "parents": " ".join(event.embed_sites),
    }
