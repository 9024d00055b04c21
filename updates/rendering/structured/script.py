"""Writes structured data as a ``<script>`` element, which browsers treat as data and never run."""

import json

from django.utils.safestring import SafeString, mark_safe

from updates.untyped import JSONObject

_ESCAPES = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&\u2028\u2029"}
"""Letters that could end the element, or that old parsers of JSON in scripts take for the end of a line."""


def as_script(data: list[JSONObject]) -> SafeString:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 – escaped  # nosec
