"""``{% in_words_of event %} … {% end_words %}``: an event's language and time zone, on a page that shows several."""

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context

from updates.rendering import in_words_of

register = template.Library()


class InWordsOf(Node):
    def __init__(self, event: FilterExpression, inner: NodeList) -> None:
        self.event = event
        self.inner = inner

    def render(self, context: Context) -> str:
        with in_words_of(self.event.resolve(context)):
            return self.inner.render(context)


@register.tag("in_words_of")
def parse(parser: Parser, token: Token) -> InWordsOf:
    event = parser.compile_filter(token.split_contents()[1])
    inner = parser.parse(("end_words",))
    parser.delete_first_token()
    return InWordsOf(event, inner)
