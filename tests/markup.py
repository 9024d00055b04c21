"""Just enough HTML reading for tests: a tree of elements, found by name and attributes."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Element:
    def __init__(self, name, attributes, parent=None):
        self.name, self.attributes, self.parent = name, attributes, parent
        self.children = []

    def __getitem__(self, attribute):
        return self.attributes[attribute]

    def __contains__(self, attribute):
        return attribute in self.attributes

    @property
    def classes(self):
        return (self.attributes.get("class") or "").split()

    @property
    def text(self):
        words = "".join(child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(words.split())

    def all(self, name=None, **attributes):
        """Descendants in document order; ``data_id`` asks for ``data-id``, ``cls`` for one of the classes."""
        return [element for element in self.walk() if element is not self and element.fits(name, attributes)]

    def one(self, name=None, **attributes):
        nodes = self.all(name, **attributes)
        assert len(nodes) == 1, f"{len(nodes)} × {name} {attributes}"
        return nodes[0]

    def walk(self):
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def fits(self, name, attributes):
        return (name is None or self.name == name) and all(
            value in self.classes
            if key == "cls"
            else key.replace("_", "-") in self
            if value is True
            else self.attributes.get(key.replace("_", "-")) == value
            for key, value in attributes.items()
        )

    def outline(self):
        """Names, attributes and words, as values that can be compared."""
        inner = [child.outline() if isinstance(child, Element) else " ".join(child.split()) for child in self.children]
        return (self.name, list(self.attributes.items()), [part for part in inner if part])


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: "" if value is None else value for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.here = self.here.parent

    def handle_endtag(self, tag):
        assert self.here.name == tag, f"</{tag}> closes <{self.here.name}>"
        self.here = self.here.parent

    def handle_data(self, data):
        self.here.children.append(data)


def parse(html):
    if isinstance(html, bytes):
        html = html.decode()
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.name}> is not closed"
    return reader.root
