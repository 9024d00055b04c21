"""The state after some operations, comparable between two runs: random names are replaced by what they name."""

import json
import re
from bisect import bisect_right
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from updates.models import (
    BLOCK_MODELS,
    Assignment,
    Byline,
    Change,
    Entry,
    Event,
    Image,
    Person,
    PictureUse,
    Rendition,
    Revision,
)

MODELS = [Event, Entry, Change, Assignment, Revision, PictureUse, Image, Byline, Person, *BLOCK_MODELS]
STRAY = re.compile(r"[0-9a-f]{32}")
STRAY_LABEL = "<a file without a row>"
EPOCH = re.compile(r'(epoch\\*": ?\\*)"[0-9a-f]{8}')
"""In a column, or within the text of another one."""


def outcome():
    """Return the rows of each model and the names of the public files, as JSON."""
    ranks = Ranks()
    rows = {model.__name__: _rows(model, ranks) for model in MODELS}
    rows["people"] = list(get_user_model().objects.order_by("pk").values_list("username", flat=True))
    labels = dict(_names())
    files = Path(settings.MEDIA_ROOT, "pictures").glob("*")
    rows["files"] = sorted(labels.get(path.stem, STRAY_LABEL) + path.suffix for path in files)
    rows["masters"] = [image.master.storage.exists(image.master.name) for image in Image.objects.all()]
    text = json.dumps(rows, default=str, sort_keys=True)
    for name, label in labels.items():
        text = text.replace(name, label)
    return STRAY.sub(STRAY_LABEL, EPOCH.sub(r'\1"…', text))


def _rows(model, ranks):
    """Read a table as the database has it, since that is much faster than with Django."""
    relations = {field.attname: field.related_model for field in model._meta.fields if field.is_relation}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY {model._meta.pk.column}")  # noqa: S608 – a table of ours
        names = [column[0] for column in cursor.description]
        return [_row(dict(zip(names, values, strict=True)), model, relations, ranks) for values in cursor.fetchall()]


def _row(row, model, relations, ranks):
    del row[model._meta.pk.column]
    row.pop("unused_since", None)  # a note of the sweep to itself, which the next one corrects
    return {name: ranks.of(relations[name], value) if name in relations else value for name, value in row.items()}


class Ranks:
    """Numbers rows by the order of their keys, since PostgreSQL leaves gaps after a refusal. Reads each table once."""

    def __init__(self):
        self.keys = {}

    def of(self, model, pk):
        if model not in self.keys:
            self.keys[model] = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        return pk and bisect_right(self.keys[model], pk)


def _names():
    for rank, entry in enumerate(Entry.objects.order_by("pk")):
        yield entry.public_id, f"<entry {rank}>"
    for size in Rendition.objects.order_by("image", "width"):
        for name in (size.webp.name, size.jpeg.name):
            yield Path(name).stem, f"<picture {size.image_id}, {size.width} px>"
