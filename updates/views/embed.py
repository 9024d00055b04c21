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
        options = SectionRequest.of(request.GET)
    except BadSection as reason:
        return plain_refusal(400, str(reason))
    with reader_pages.snapshot():
        event = _event(slug)
        alone = _alone(event, options)
        page = cached_pages.page(
            request,
            f"{_state_of(event)}-embed-{options.name}-{options.theme}",
            "updates/embed/page.html",
            lambda: _page_context(request, options, event, alone),
            event,
        )
    return framable(_marked(page, event, alone), event)


@cached_pages.for_readers
def fragment(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the newest entries as HTML for another page; with ``after`` only what has changed since that version.

    After another epoch everything is new. ``parent`` names the site whose script asks.
    """
    try:
        options = SectionRequest.of(request.GET)
    except BadSection as reason:
        return plain_refusal(400, str(reason))
    try:
        return _fragment(request, slug, options)
    except Http404:
        return absent()


def _fragment(request: HttpRequest, slug: str, options: SectionRequest) -> HttpResponse:
    with reader_pages.snapshot():
        event = _event(slug)
        if not is_allowed_parent(request, event):
            return refused(request, event)
        answer = _newest(request, event, options) if _starts_anew(event, options) else _changed(request, event, options)
    return readable(answer, request, event)


def _event(slug: str) -> Event:
    event = reader_pages.public_event(slug)
    if event is None:
        raise Http404(slug)
    return event


def _starts_anew(event: Event, options: SectionRequest) -> bool:
    return options.after is None or options.epoch not in ("", event.epoch) or options.after > event.head


def _alone(event: Event, options: SectionRequest) -> Section | None:
    """Return the section of the one entry that is asked for, if it is."""
    section = one_entry(event, options.update) if options.update else None
    if options.update and section is None:
        raise Http404(options.update)
    return section


def _marked(answer: HttpResponse, event: Event, alone: Section | None) -> HttpResponse:
    """Set the keys of a response, and its status, which is 410 for an entry that was removed."""
    is_gone = alone is not None and not any(entry.is_published for entry in alone.entries)
    if is_gone and answer.status_code == HTTPStatus.OK:
        answer.status_code = HTTPStatus.GONE
    keys = [entry_key(entry.public_id) for entry in alone.entries] if alone else []
    return cached_pages.keyed(answer, event_key(event.slug), *keys)


def _newest(request: HttpRequest, event: Event, options: SectionRequest) -> HttpResponse:
    alone, name = _alone(event, options), f"{_state_of(event)}-fragment-{options.name}"
    answer = cached_pages.document(request, name, lambda: _html(request, options, event, alone), event)
    answer[VERSION] = version_of(event, event.head)
    return _marked(answer, event, alone)


def _html(
    request: HttpRequest, options: SectionRequest, event: Event, alone: Section | None, heading: str = "h2"
) -> str:
    section = alone or newest_entries(event, options.limit, headlines_only=options.view == "latest")
    return section_html(
        SectionPlan(section, options.view, options.limit, site_address(request), heading, update=options.update)
    )


def _changed(request: HttpRequest, event: Event, options: SectionRequest) -> HttpResponse:
    after = options.after or 0
    section = changed_entries(event, after)

    def text() -> str:
        with in_words_of(event):
            return section_html(SectionPlan(section, options.view, options.limit, site_address(request), is_part=True))

    etag = f"{settings.RELEASE}-{_state_of(event)}-fragment-{options.name}-after{after}"
    key = f"{site_address(request)}:{etag}" if event.head - after < SHARED else ""
    answer = cached_pages.data(request, etag, text, key, cached_pages.HTML)
    answer[VERSION] = version_of(event, section.upto)
    return cached_pages.keyed(answer, event_key(event.slug))


def _page_context(request: HttpRequest, options: SectionRequest, event: Event, alone: Section | None) -> Context:
    return {
        "event": event,
        "theme": options.theme,
        "section": _html(request, options, event, alone, "h1"),
        "canonical": site_address(request) + event.get_absolute_url(),
        "fragment": reverse("fragment", args=[event.slug]) + options.query,
        "parents": " ".join(event.embed_sites),
    }


def _state_of(event: Event) -> str:
    return f"{version_of(event, event.head)}-{cached_pages.today_of(event)}"
