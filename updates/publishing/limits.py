"""How long texts may be: as long as their columns. SQLite would store more, PostgreSQL would break off."""

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from updates.models import Entry


def longest(model: type[Model], field: str) -> int:
    return int(model._meta.get_field(field).max_length)  # type: ignore[union-attr, arg-type]


def check_length(text: str, model: type[Model], field: str, name: str = "") -> None:
    """``name`` is what people call the text, where the column is called otherwise."""
    most = longest(model, field)
    if len(text) > most:
        name = name or str(model._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
        raise ValidationError(
            _("“%(name)s” has %(length)s characters. The limit is %(most)s."),
            code="too_long",
            params={"name": name, "length": len(text), "most": most},
        )


def check_correction(note: str) -> None:
    """Corrections stand in the published content; they are as long as the other notes to readers."""
    check_length(note, Entry, "reader_note", _("Correction"))
