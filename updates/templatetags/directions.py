"""``dir="{{ text|direction }}"``: right to left or left to right, by the language of the event and the text itself."""

from django import template

from updates.rendering.direction import direction, html_direction, with_directions

register = template.Library()
register.filter("direction", direction)
register.filter("html_direction", html_direction)
register.filter("with_directions", with_directions)
