"""The read API's addresses of updates: those at a place, one, and what has changed since a number.

The event is read before its updates, and not in one snapshot with them: an answer may have newer updates than the
number that it names, which its reader then gets once more.
"""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from updates.cdn import entry_key, event_key
from updates.models import Event
from updates.queries import api, reader_pages
from updates.queries.api import EntryPlace, Portion
from updates.queries.reader_pages import Changes
from updates.rendering import as_json
from updates.rendering.api import entry_json, event_reference, removed_json
from updates.site_address import site_address
from updates.untyped import JSONObject
from updates.views import cached_pages
from updates.views.catch_up import EPOCH, SHARED

from .answers import about_event, address, public_event
from .parameters import Parameters
from .problems import Problem, api_view

MOST_BYTES = 1_000_000
"""Bytes of one answer; it has fewer updates than asked for if they are long."""


@api_view
def entries(request: HttpRequest, slug: str) -> HttpResponse:
    """List published updates: the newest ones, those before a place from the newest to the oldest, or those after a
    place from the oldest to the newest."""
    place = _place(Parameters(request.GET, "after", "before", "key", "limit"))
    name = f"entries-{place.before}-{place.after}-{place.keys_only}-{place.limit}"
    origin = site_address(request)

    def text() -> str:
        def some(limit: int) -> JSONObject:
            return _at_place(event, place, api.entries_at(event, replace(place, limit=limit)), origin)

        return _bounded(some, place.limit)

    event = public_event(slug)
    return about_event(request, event, name, text, is_usual=place == EntryPlace(keys_only=place.keys_only))


@api_view
def entry(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Send one published update; 410 if it was removed."""
    Parameters(request.GET)
    update = reader_pages.entry_for_readers(slug, public_id)
    if update is None:
        raise Problem(404, "There is no update at this address.")
    if update.is_removed:
        raise Problem(410, "This update was removed.")
    response = about_event(
        request, update.event, f"entry-{public_id}", lambda: as_json(entry_json(update, site_address(request)))
    )
    return cached_pages.keyed(response, event_key(slug), entry_key(public_id))


@api_view
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """List every update that has changed after a number, in its newest state, and the ids of removed ones."""
    parameters = Parameters(request.GET, "after", "epoch", "limit")
    after = parameters.needed_number("after")
    epoch = parameters.matching("epoch", EPOCH, "the epoch of the live blog")
    limit = parameters.number("limit", least=1, most=api.MOST) or api.MOST
    if epoch is None:
        raise Problem(400, "This parameter is needed. The live blog and every list of updates have it.", "epoch")
    origin = site_address(request)

    def text() -> str:
        return _bounded(lambda few: _after_number(reader_pages.changes_since(event, after, few), origin, limit), limit)

    event = public_event(slug)
    if event.epoch != epoch:
        raise Problem(410, "The numbering began anew. Read the updates again from the start.", "epoch")
    is_usual = limit == api.MOST and 0 <= event.head - after < SHARED
    return about_event(request, event, f"changes-{after}-{limit}", text, is_usual=is_usual)


def _bounded(some: Callable[[int], JSONObject], limit: int) -> str:
    """Return an answer of up to ``limit`` updates, of fewer if they are long."""
    text = as_json(some(limit))
    while limit > 1 and len(text.encode()) > MOST_BYTES:
        limit = max(1, limit // 4)
        text = as_json(some(limit))
    return text


def _place(parameters: Parameters) -> EntryPlace:
    place = EntryPlace(
        parameters.number("before"),
        parameters.number("after"),
        parameters.flag("key"),
        parameters.number("limit", least=1, most=api.MOST) or EntryPlace.limit,
    )
    if place.before is not None and place.after is not None:
        raise Problem(400, "Use either “before” or “after”.", "before")
    return place


def _at_place(event: Event, place: EntryPlace, portion: Portion, origin: str) -> JSONObject:
    following = None
    if portion.has_more:
        side = "before" if place.after is None else "after"
        query = {side: portion.entries[-1].order, "key": "true" if place.keys_only else None, "limit": place.limit}
        following = address(origin, "api-entries", event.slug, **query)
    return {
        "event": event_reference(event, origin),
        "entries": [entry_json(entry, origin) for entry in portion.entries],
        "next": following,
        "changes": _changes_address(event, event.head, origin),
    }


def _after_number(changes: Changes, origin: str, limit: int) -> JSONObject:
    event = changes.event
    following = _changes_address(event, changes.upto, origin)
    return {
        "event": event_reference(event, origin),
        "entries": [entry_json(entry, origin) for entry in changes.entries if entry.is_published],
        "removed": [removed_json(entry) for entry in changes.entries if entry.is_removed],
        "event_changed": changes.event_changed,
        "upto": changes.upto,
        "more": changes.more,
        "next": f"{following}&limit={limit}" if limit != api.MOST else following,
    }


def _changes_address(event: Event, after: int, origin: str) -> str:
    return address(origin, "api-changes", event.slug, after=after, epoch=event.epoch)
