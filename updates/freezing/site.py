"""All ended live blogs of the site: a folder for each, and a page that lists them."""

from pathlib import Path

from updates.models import Event
from updates.rendering import in_words_of
from updates.rendering.drawing import draw
from updates.rendering.page_frame import frame

from .event import freeze_event, style_sheet
from .folder import Frozen, delete_folder, locked_folder


def freeze_site(path: Path) -> Frozen:
    """Freeze what the site lists as ended; delete our folders of live blogs that it does not list any more."""
    events = list(Event.objects.listed().ended())
    slugs = {event.slug for event in events}
    result = Frozen()
    with locked_folder(path) as folder:
        gone = set(folder.folders) - slugs
        folder.list_folders({*folder.folders, *slugs})
        for event in events:
            result.add(freeze_event(event, path / event.slug))
        result.add(folder.replace({"style.css": style_sheet(), "index.html": _page(events)}))
        for slug in gone:
            if (path / slug).is_dir():
                result.add(delete_folder(path / slug))
        folder.list_folders(slugs)
    return result


def _page(events: list[Event]) -> bytes:
    with in_words_of(None):
        return draw("updates/frozen/site.html", frame() | {"events": events}).encode()
