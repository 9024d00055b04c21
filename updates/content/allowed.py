"""Elements that the text of an entry may contain: one list for the cleaner and for the editor's buttons.

To allow another element, add a row here: the editor gets its button, and the cleaner keeps it.
"""

from dataclasses import dataclass

from updates.untyped import JSONObject


@dataclass(frozen=True)
class Allowed:
    """Element that the cleaner keeps, and the extension of the editor that writes it."""

    extension: str
    tag: str
    attributes: frozenset[str] = frozenset()
    options: bool | JSONObject = True


LINK_SCHEMES = ("http", "https", "mailto", "tel")

# Our own links are editorial, so no "nofollow". "noreferrer" keeps the addresses of the desk and of
# unpublished previews from the sites linked to, also where a proxy drops our Referrer-Policy header.
LINK_REL = "noopener noreferrer"

HEADINGS: JSONObject = {"levels": [3, 4]}  # the headline of an update is of level 2
SPANS = frozenset({"colspan", "rowspan"})

ALLOWED: tuple[Allowed, ...] = (
    Allowed("Paragraph", "p"),
    Allowed("HardBreak", "br"),
    Allowed("Bold", "strong"),
    Allowed("Italic", "em"),
    Allowed("BulletList", "ul"),
    Allowed("OrderedList", "ol", frozenset({"start"}), options={"enableListAttributes": False}),
    Allowed("ListItem", "li"),
    Allowed("Heading", "h3", options=HEADINGS),
    Allowed("Heading", "h4", options=HEADINGS),
    *(Allowed("Table", tag) for tag in ("table", "thead", "tbody")),
    Allowed("TableRow", "tr"),
    Allowed("TableHeader", "th", SPANS),
    Allowed("TableCell", "td", SPANS),
    Allowed(
        "Link",
        "a",
        frozenset({"href", "title"}),
        options={"enableTarget": False, "protocols": list(LINK_SCHEMES)},
    ),
)

TAGS = frozenset(row.tag for row in ALLOWED)
ATTRIBUTES = {row.tag: row.attributes for row in ALLOWED if row.attributes}
_BUTTONS = ("headings", "lists", "marks", "link", "table", "history", "utility")
# Without this the editor puts headings into a list to unfold, whose box has the same class as the text itself.
MENU: JSONObject = {"groups": [{"group": group} for group in _BUTTONS]}
EDITOR_EXTENSIONS: JSONObject = {row.extension: row.options for row in ALLOWED} | {"Menu": MENU}
