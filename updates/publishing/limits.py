"""Maximum lengths of texts, from their columns. SQLite would store longer texts, PostgreSQL would raise an error."""

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from updates.models import Entry


def longest(model: type[Model], field: str) -> int:
    return int(model._meta.get_field(field).max_length)  # type: ignore[union-attr, arg-type]


def check_length(text: str, model: type[Model], field: str, name: str = "") -> None:
    """Refuse a text that is longer than its column; ``name`` replaces the column's name in the message."""
    most = longest(model, field)
    if len(text) > most:
        name = name or str(model._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
        raise ValidationError(
            _("“%(name)s” has %(length)s characters. The limit is %(most)s."),
            code="too_long",
            params={"name": name, "length": len(text), "most": most},
        )


def check_correction(note: str) -> None:
    """Refuse a correction that is longer than the other notes to readers; it has no column of its own."""
    check_length(note, Entry, "reader_note", _("Correction"))
