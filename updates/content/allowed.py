"""Elements that the text of an entry may contain: one list for the cleaner and for the editor's buttons.

To allow another element, add a row here: the editor gets its button, and the cleaner keeps it.
"""

from dataclasses import dataclass

from updates.untyped import JSONObject


@dataclass(frozen=True)
class Allowed:
    """Element that the cleaner keeps, and the extension of django-prose-editor that writes it."""

    extension: str
    tag: str
    attributes: frozenset[str] = frozenset()
    options: bool | JSONObject = True


LINK_SCHEMES = ("http", "https", "mailto", "tel")

# Our own links are editorial, so no "nofollow". "noreferrer" keeps the addresses of the desk and of
# unpublished previews from the sites linked to, also where a proxy drops our Referrer-Policy header.
LINK_REL = "noopener noreferrer"

ALLOWED: tuple[Allowed, ...] = (
    Allowed("Paragraph", "p"),
    Allowed("HardBreak", "br"),
    Allowed("Bold", "strong"),
    Allowed("Italic", "em"),
    Allowed("BulletList", "ul"),
    Allowed("OrderedList", "ol", frozenset({"start"}), options={"enableListAttributes": False}),
    Allowed("ListItem", "li"),
    Allowed(
        "Link",
        "a",
        frozenset({"href", "title"}),
        options={"enableTarget": False, "protocols": list(LINK_SCHEMES)},
    ),
)

TAGS = frozenset(row.tag for row in ALLOWED)
ATTRIBUTES = {row.tag: row.attributes for row in ALLOWED if row.attributes}
EDITOR_EXTENSIONS: JSONObject = {row.extension: row.options for row in ALLOWED}
