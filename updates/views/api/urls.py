"""Addresses of the read API. ``updates/urls.py`` includes them and registers their converters."""

from django.urls import path

from . import entries, events

urlpatterns = [
    path("", events.index, name="api-index"),
    path("openapi.json", events.description, name="api-description"),
    path("events", events.events, name="api-events"),
    path("events/<slug:slug>", events.event, name="api-event"),
    path("events/<slug:slug>/entries", entries.entries, name="api-entries"),
    path("events/<slug:slug>/changes", entries.changes, name="api-changes"),
    path("events/<slug:slug>/entries/<public_id:public_id>", entries.entry, name="api-entry"),
    path("<path:url>", events.unknown, name="api-unknown"),
]
