"""Names for what has no types of its own. Importing them needs no Django."""

from typing import Any

JSONObject = dict[str, Any]  # who reads one knows the types of its keys
"""A decoded JSON object, or the snapshot of a change. What readers get has types: ``content/published.py``."""

Context = dict[str, Any]  # templates have no types
"""The context of a template, or keyword arguments of a form."""

Settings = Context
"""The names of a settings module, as ``globals()`` returns them there."""
