"""Renders a template as compact HTML."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from updates.content.text import NEWLINES
from updates.untyped import Context


def draw(template: str, context: Context) -> SafeString:
    """Render a template without the empty lines that template tags leave."""
    html = render_to_string(template, context)
    return mark_safe(NEWLINES.sub("\n", html).strip())  # noqa: S308 – the template has escaped it  # nosec
