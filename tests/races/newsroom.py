"""A newsroom in which every operation finds something to do, and its rows and files to begin from again."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.management.color import no_style
from django.db import connection, transaction

from tests.factories import make_editor, make_event, make_member, make_picture, make_user, post
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

FIXED_TABLES = {"django_content_type", "django_migrations", "auth_permission"}
"""Tables that no operation writes to."""


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
        with connection.cursor() as cursor:
            names = connection.introspection.table_names(cursor)
            self.rows = {table: self._read(cursor, table) for table in names if table not in FIXED_TABLES}

    def is_current(self):
        """Return whether rows and files are still these."""
        with connection.cursor() as cursor:
            return (
                all(self._read(cursor, table) == rows for table, rows in self.rows.items())
                and _names(settings.MEDIA_ROOT) == _names(self.public)
                and all(path.exists() for path in self.masters)
            )

    @staticmethod
    def _read(cursor, table):
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 – a table of ours
        return [column[0] for column in cursor.description], cursor.fetchall()

    def restore(self):
        """Begin again: the same rows under the same keys, the same files."""
        for cache in caches.all(initialized_only=True):
            cache.clear()
        connection.ops.execute_sql_flush(
            connection.ops.sql_flush(no_style(), list(self.rows), reset_sequences=True, allow_cascade=False)
        )
        with transaction.atomic(), connection.cursor() as cursor:
            for table, (columns, rows) in self.rows.items():
                self._write(cursor, table, columns, rows)
            for sql in connection.ops.sequence_reset_sql(no_style(), _models()):
                cursor.execute(sql)
        shutil.rmtree(settings.MEDIA_ROOT)
        shutil.copytree(self.public, settings.MEDIA_ROOT)
        for path, data in self.masters.items():
            path.write_bytes(data)

    @staticmethod
    def _write(cursor, table, columns, rows):
        if rows:
            names = ", ".join(map(connection.ops.quote_name, columns))
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({marks})", rows)  # noqa: S608


def _names(folder):
    return {path.relative_to(folder) for path in Path(folder).rglob("*")}


def _masters():
    return [Path(image.master.path) for image in Image.objects.all()]


def _models():
    tables = connection.introspection.django_table_names(only_existing=True)
    return connection.introspection.installed_models(tables)
