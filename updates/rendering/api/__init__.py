"""The JSON of the read API and of webhooks, as ``docs/openapi.json`` describes it, from the published content."""

from .entry import entry_json, removed_json
from .event import event_json, event_reference

__all__ = ["entry_json", "event_json", "event_reference", "removed_json"]
