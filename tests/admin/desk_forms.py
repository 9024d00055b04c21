"""Data that a browser sends from the desk's forms."""

import re
from html import unescape
from html.parser import HTMLParser

from django.urls import reverse

KINDS = ("text", "photo", "quote", "embed")


def entry_form(headline="", *blocks, key="key-1", **fields):
    """The form of an update. A block is a pair: its kind, and its fields by their short names."""
    data = {"headline": headline, "key": key} | fields
    counts = dict.fromkeys(KINDS, 0)
    for place, (kind, values) in enumerate(blocks, start=1):
        placed = {"region": "main", "ordering": place * 10} | values
        data |= {f"{kind}-{counts[kind]}-{name}": value for name, value in placed.items()}
        counts[kind] += 1
    for kind, count in counts.items():
        data |= {f"{kind}-TOTAL_FORMS": count, f"{kind}-INITIAL_FORMS": 0}
    return data


def text(html):
    return "text", {"html": html}


def photo(file=None, *, picture="", alt="A quay under water", credit="Noor Hadad", caption=""):
    values = {"image": picture, "alt": alt, "credit": credit, "caption": caption}
    return "photo", values | ({"image-file": file} if file else {})


def quote(words, attribution):
    return "quote", {"text": words, "attribution": attribution}


def embed(url, lead_in="", title=""):
    return "embed", {"url": url, "lead_in": lead_in, "title": title, "poster": ""}


def add_address(event):
    return f"{reverse('admin:updates_entry_add')}?event={event.pk}"


def desk_address(event):
    return reverse("admin:updates_event_desk", args=[event.pk])


def change_address(entry):
    return reverse("admin:updates_entry_change", args=[entry.pk])


def list_address(event):
    return f"{reverse('admin:updates_entry_changelist')}?event__id__exact={event.pk}"


class _Controls(HTMLParser):
    def __init__(self):
        super().__init__()
        self.values, self._area, self._select, self.buttons = {}, None, None, []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        name = attributes.get("name")
        if tag == "textarea":
            self._area = name
            self.values[name] = ""
        elif tag == "select":
            self._select = name
            self.values.setdefault(name, [])
        elif tag == "option" and "selected" in attributes and attributes["value"]:
            self.values[self._select].append(attributes["value"])
        elif tag == "button" and name:
            self.buttons.append(name)
        elif tag == "input" and name:
            self._input(name, attributes)

    def _input(self, name, attributes):
        if attributes.get("type") in {"checkbox", "radio"}:
            if "checked" in attributes:
                self.values[name] = attributes.get("value", "on")
        elif attributes.get("type") != "file":
            self.values[name] = attributes.get("value", "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = None

    def handle_data(self, data):
        if self._area is not None:
            self.values[self._area] += data


def controls(response):
    """Return the data that the form of a response would send, by name."""
    return _parsed(response).values


def buttons(response):
    return _parsed(response).buttons


def _parsed(response):
    reader = _Controls()
    reader.feed(response.content.decode())
    return reader


_TIME = re.compile(r' <time class="quiet">\d\d:\d\d</time>$')


def messages_of(response):
    """The messages of a page, without the time at the end of each."""
    return [_TIME.sub("", str(message)) for message in response.context["messages"]]


def errors(response):
    """Return all errors on the page, in their order."""
    messages = []
    for note in _NOTE.findall(response.content.decode()):
        words = _WORDS.findall(note) or re.findall(r">(.*?)</p>", note, re.DOTALL)
        messages += [" ".join(unescape(each).split()) for each in words]
    return messages


_NOTE = re.compile(r'<(?:div|p) class="errornote.*?</(?:div|p)>|<ul class="errorlist.*?</ul>', re.DOTALL)
_WORDS = re.compile(r"<(?:p|li)(?: [^>]*)?>(.*?)</(?:p|li)>", re.DOTALL)
