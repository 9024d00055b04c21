"""The state after some operations, comparable between two runs: random names are replaced by what they name."""

import json
import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model

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
EPOCH = re.compile(r'"epoch": "[0-9a-f]{8}"')


def outcome():
    """Return the rows of each model and the names of the public files, as text."""
    rows = {model.__name__: [_row(model, row) for row in model.objects.order_by("pk").values()] for model in MODELS}
    rows["people"] = list(get_user_model().objects.order_by("pk").values_list("username", flat=True))
    rows["files"] = sorted(path.name for path in Path(settings.MEDIA_ROOT, "pictures").glob("*"))
    rows["masters"] = [image.master.storage.exists(image.master.name) for image in Image.objects.all()]
    text = json.dumps(rows, default=str, indent=1, sort_keys=True)
    for name, label in _names():
        text = text.replace(name, label)
    return STRAY.sub("<a file without a row>", EPOCH.sub('"epoch": "…"', text))


def _row(model, row):
    ids = {field.attname: field.related_model for field in model._meta.fields if field.is_relation}
    del row[model._meta.pk.attname]
    row.pop("unused_since", None)  # a note of the sweep to itself, which the next one corrects
    return {name: _rank(ids[name], value) if name in ids else value for name, value in row.items()}


def _rank(model, pk):
    """PostgreSQL leaves gaps between keys after a refusal."""
    return pk and model._default_manager.filter(pk__lte=pk).count()


def _names():
    for rank, entry in enumerate(Entry.objects.order_by("pk")):
        yield entry.public_id, f"<entry {rank}>"
    for size in Rendition.objects.order_by("image", "width"):
        for name in (size.webp.name, size.jpeg.name):
            yield Path(name).stem, f"<picture {size.image_id}, {size.width} px>"
