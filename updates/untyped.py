"""Names for what has no types of its own. Importing them needs no Django."""

from typing import Any

JSONObject = dict[str, Any]
"""A decoded JSON object or the snapshot of a change. ``Any``: its readers know the types of their own keys."""

Context = dict[str, Any]
"""The context of a template, or keyword arguments of a form. ``Any``: templates have no types."""
