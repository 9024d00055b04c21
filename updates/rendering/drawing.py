"""From a template to HTML that is worth sending."""

import re
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

_EMPTY_LINES = re.compile(r"[ \t]*\n[ \t\n]*")


def drawn(template: str, context: dict[str, Any]) -> SafeString:
    """Without the empty lines that template tags leave; white space means nothing in our pages."""
    html = render_to_string(template, context)
    return mark_safe(_EMPTY_LINES.sub("\n", html).strip())  # noqa: S308 – the template has escaped it
