"""A newsroom in which every operation finds something to do, and its rows and files to begin from again."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import caches

from tests.factories import make_editor, make_event, make_member, make_picture, make_user, post
from tests.saved_rows import SavedRows
from updates import publishing
from updates.choices import ChangeKind, Role
from updates.models import Change, Image
from updates.publishing import EntryContent, EntryInput, PhotoContent, TextContent
from updates.publishing.people import Newcomer, invite
from updates.publishing.pictures.renditions import prepare
from updates.publishing.unused_pictures import sweep_originals

BEFORE = datetime(2026, 6, 1, 10, tzinfo=UTC)
"""When the newsroom was set up."""

NOW = BEFORE + timedelta(hours=2)
"""When the operations run."""

LATER = NOW + timedelta(hours=3)


@dataclass(frozen=True)
class Newsroom:
    """Primary keys of two live blogs and of entries by their state, and the people."""

    event: int
    quiet: int
    """A live blog without pending updates, due to end."""
    entries: dict[str, int]
    first_change: dict[int, int]
    """Where in the log the first version of each entry is."""
    photo: int
    expired: int
    """A photo whose time is over and that is still shown."""
    dated: int
    """A photo of no entry, with a date."""
    unused: int
    """A photo of no entry, whose renditions a killed process has left behind."""
    root: object
    editor: object
    moderator: object
    writer: object


def content(words="The gate holds", *pictures, is_key=False):
    photos = (PhotoContent(pk, "The gate", "Noor Hadad") for pk in pictures)
    return EntryContent(words, (TextContent(f"<p>{words}, says the harbour office.</p>"), *photos), is_key=is_key)


def set_up():
    """Make the newsroom; the clock must stand at ``BEFORE``."""
    editor, root = make_editor("editor"), make_user("root", superuser=True)
    event = make_event(author=editor, slug="storm", ends_after=1)
    quiet = make_event(author=editor, slug="quiet", ends_after=1)
    moderator = make_member(event, Role.MODERATOR, "moderator")
    writer = invite(event.pk, Newcomer("writer"), editor).user
    photo, expired, dated, unused = (make_picture(editor, size=(40, 30), colour=(80 * n, 9, 9)).pk for n in range(4))
    entries = _unpublished(event, writer, moderator, photo) | _published(event, writer, moderator, photo, expired)
    for image, until in ((expired, NOW - timedelta(minutes=1)), (dated, LATER)):
        publishing.show_until(event.pk, image, until, editor)
    prepare([unused])
    sweep_originals(BEFORE - timedelta(days=settings.UNUSED_PICTURE_DAYS))  # notes that nothing refers to it
    logged = Change.objects.filter(kind=ChangeKind.PUBLISH).values_list("entry", "desk_seq")
    people = (root, editor, moderator, writer)
    return Newsroom(event.pk, quiet.pk, entries, dict(logged), photo, expired, dated, unused, *people)


def _unpublished(event, writer, moderator, photo):
    def begin(state):
        entry_input = EntryInput(event.pk, content(state, photo), key=f"{state} key")
        return publishing.save_draft(entry_input, writer).entry.pk

    pks = {state: begin(state) for state in ("draft", "submitted", "scheduled", "discarded")}
    publishing.submit(EntryInput(event.pk, entry_id=pks["submitted"], version=1), writer)
    due = NOW - timedelta(minutes=1)
    publishing.schedule(EntryInput(event.pk, entry_id=pks["scheduled"], version=1), moderator, due)
    publishing.discard(pks["discarded"], writer)
    return pks


def _published(event, writer, moderator, photo, expired):
    pks = {"showing expired": post(event, "Neighbour", author=writer, blocks=content("Neighbour", expired).blocks).pk}
    for state in ("published", "with a revision", "removed", "pinned"):
        pks[state] = post(event, state, author=writer, blocks=content(state, photo).blocks).pk
        publishing.edit(pks[state], content(f"{state} by now", photo), writer)
    publishing.propose(pks["with a revision"], content("Proposed"), writer, correction="Not as it was")
    publishing.remove(pks["removed"], writer, reason="Too early", at=NOW - timedelta(minutes=5))
    publishing.pin(pks["pinned"], moderator)
    return pks


class Saved:
    """All rows and files of a newsroom."""

    def __init__(self, folder: Path):
        self.public = shutil.copytree(settings.MEDIA_ROOT, folder)
        self.masters = {path: path.read_bytes() for path in _masters()}
        self.rows = SavedRows()

    def is_current(self):
        """Return whether rows and files are still these."""
        return (
            self.rows.are_current()
            and _names(settings.MEDIA_ROOT) == _names(self.public)
            and all(path.exists() for path in self.masters)
        )

    def restore(self):
        """Begin again: the same rows under the same keys, the same files."""
        for cache in caches.all(initialized_only=True):
            cache.clear()
        self.rows.restore()
        shutil.rmtree(settings.MEDIA_ROOT)
        shutil.copytree(self.public, settings.MEDIA_ROOT)
        for path, data in self.masters.items():
            path.write_bytes(data)


def _names(folder):
    return {path.relative_to(folder) for path in Path(folder).rglob("*")}


def _masters():
    return [Path(image.master.path) for image in Image.objects.all()]
