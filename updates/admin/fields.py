"""Form fields that Django lacks: bylines in order, key points, and a time in the event's time zone."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Final, TypeAlias

from django import forms
from django.conf.locale import LANG_INFO
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Script

from updates.content.sanitize import EDITOR_EXTENSIONS, PARAGRAPH, clean_html
from updates.content.text import check_text
from updates.embedding import canonical_sites
from updates.languages import canonical_language
from updates.models import Person
from updates.untyped import Context
from updates.zones import zone_named, zone_names

POINT_EXTENSIONS = {name: EDITOR_EXTENSIONS[name] for name in ("Paragraph", "Bold", "Italic", "Link")}

Files: TypeAlias = "MultiValueDict[str, UploadedFile[bytes]]"


class LanguageInput(forms.TextInput):
    """A tag of BCP 47, with a list of common ones to choose from."""

    def render(
        self, name: str, value: object, attrs: Context | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        attrs = {**(attrs or {}), "list": f"{name}-list", "autocomplete": "off", "spellcheck": "false"}
        common = ((canonical_language(tag), about.get("name_local", "")) for tag, about in LANG_INFO.items())
        options = format_html_join("", '<option value="{}">{}</option>', sorted(common))
        return super().render(name, value, attrs, renderer) + format_html(
            '<datalist id="{}-list">{}</datalist>', name, options
        )


class CaptionsInput(forms.Textarea):
    """The text of captions; a script fills it from a file."""

    def render(
        self, name: str, value: object, attrs: Context | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        attrs = {**(attrs or {}), "rows": 3, "placeholder": "WEBVTT", "spellcheck": "false", "dir": "auto"}
        field = super().render(name, value, attrs, renderer)
        return render_to_string("admin/updates/widgets/captions.html", {"field": field})


class NameLists(forms.SelectMultiple):
    """A select for each byline, in their order, and an empty one for another. It needs no script."""

    def value_from_datadict(self, data: Mapping[str, object], files: Files, name: str) -> list[str]:
        values = super().value_from_datadict(data, files, name) or []
        return list(dict.fromkeys(value for value in values if value))

    def render(
        self, name: str, value: object, attrs: Context | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = [str(one) for one in value] if isinstance(value, Iterable) else []
        people = [(str(key), label) for key, label in self.choices]
        base = (attrs or {}).get("id", f"id_{name}")
        lists = [
            {"id": base if place == 0 else f"{base}_{place}", "selected": selected, "first": place == 0}
            for place, selected in enumerate([*chosen, ""])
        ]
        described = (attrs or {}).get("aria-describedby", "")
        context = {"name": name, "lists": lists, "people": people, "described": described}
        return render_to_string("admin/updates/widgets/names.html", context)


class SigningNames(forms.TypedMultipleChoiceField):
    """Primary keys of persons in byline order; none means the author's own name."""

    widget = NameLists

    def __init__(self, **options: Any) -> None:  # those of any field
        super().__init__(coerce=int, required=False, **options)

    def load_choices(self) -> None:
        """Load the choices once for a form; a callable would run a query for every name."""
        self.choices = [(person.pk, str(person)) for person in Person.objects.all()]


class DeskEditor(AdminProseEditorWidget):  # type: ignore[misc]
    """The rich text editor: Tiptap with the parts that a text may consist of, in static/js/admin/text_editor.js."""

    @property
    def media(self) -> forms.Media:
        names = ("django_prose_editor/editor.css", "django_prose_editor/overrides.css", "css/admin/editor.css")
        return forms.Media(css={"all": names}, js=[Script("bundles/admin/text_editor.js", type="module")])


class PointsField(ProseEditorFormField):  # type: ignore[misc]
    """Key points, one paragraph each. Browsers without scripts send plain lines."""

    def __init__(self, **options: object) -> None:
        super().__init__(extensions=POINT_EXTENSIONS, widget=DeskEditor, required=False, **options)

    def prepare_value(self, value: object) -> object:
        if isinstance(value, list):
            return "".join(point if point.startswith("<p>") else f"<p>{point}</p>" for point in value)
        return value

    def has_changed(self, initial: object, data: object) -> bool:
        return self.clean(self.prepare_value(initial)) != self.clean(data)

    def clean(self, value: object) -> tuple[str, ...]:
        typed = super().clean(value)
        if "<p" not in typed:
            typed = "".join(f"<p>{escape(line)}</p>" for line in typed.splitlines())
        return tuple(point["words"] for point in PARAGRAPH.finditer(clean_html(typed)))


class SitesField(forms.CharField):
    """Sites that may embed a live blog, one per line."""

    def __init__(self, **options: Any) -> None:  # those of any field
        attributes = {"rows": 3, "spellcheck": "false", "autocapitalize": "off", "dir": "ltr"}
        super().__init__(widget=forms.Textarea(attrs=attributes), required=False, **options)

    def prepare_value(self, value: object) -> object:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: object, data: object) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))

    def clean(self, value: object) -> list[str]:
        return canonical_sites(super().clean(value).split())


YEARS: Final = range(1900, 9999)
"""Years in which every time zone can be applied without leaving the calendar."""


class WallClockField(forms.DateTimeField):
    """A date and time in the event's time zone.

    Cleans to a moment if the form has set ``zone``, otherwise to a naive time for ``to_moment``.
    """

    widget = forms.DateTimeInput
    zone: tzinfo | None = None

    def __init__(self, *, later: bool = True, **options: Any) -> None:  # those of any field
        """``later`` chooses between the two moments of an hour that clocks show twice when they go back."""
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)
        self.later = later

    def to_python(self, value: str | date | None) -> datetime | None:
        with timezone.override("UTC"):  # stands for no zone: here every time of the day exists
            clock: datetime | None = super().to_python(value)
        if clock is not None and clock.year not in YEARS:
            raise forms.ValidationError(_("Enter a year from 1900 to 9998."), code="year")
        return clock

    def clean(self, value: object) -> datetime | None:
        clock = super().clean(value)
        return to_moment(clock, self.zone, later=self.later) if self.zone else clock


def undo_stripping(form: forms.BaseForm, cleaned: Context) -> None:
    """Undo Django's stripping of text fields: an ideographic space may belong to the text.

    Operations strip by themselves. Adds an error to each field whose text they would refuse.
    """
    for name, field in form.fields.items():
        if type(field) is forms.CharField and not field.widget.is_hidden and cleaned.get(name):
            cleaned[name] = form[name].data
            try:
                check_text(cleaned[name])
            except forms.ValidationError as error:
                form.add_error(name, error)


class UnstrippedForm(forms.Form):
    """A form whose texts are not stripped."""

    def clean(self) -> Context:
        cleaned: Context = super().clean() or {}
        undo_stripping(self, cleaned)
        return cleaned


def to_moment(clock: datetime | None, zone: tzinfo, *, later: bool = True) -> datetime | None:
    """Turn a naive time into a moment. Raises ``ValidationError`` for an hour that clocks skip when they go forward."""
    if clock is None:
        return None
    moment = clock.replace(tzinfo=zone, fold=int(later)).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) != clock.replace(tzinfo=None, fold=0):
        raise forms.ValidationError(
            _("This time does not exist there, because the clocks go forward. Enter an earlier or a later time."),
            code="gap",
        )
    return moment


def to_wall_clock(moment: datetime | None, zone_name: str) -> datetime | None:
    """Return the naive time of a moment in a zone, as a form's initial value."""
    return timezone.make_naive(moment, zone_named(zone_name)) if moment else None


def same_minute(one: datetime | None, other: datetime | None, zone_name: str) -> bool:
    """Compare moments as a form shows them: without seconds, and without telling a repeated hour apart."""
    times = [moment and to_wall_clock(moment.replace(second=0, microsecond=0), zone_name) for moment in (one, other)]
    return times[0] == times[1]


def zone_choices(present: str) -> list[tuple[str, str]]:
    """Return time zones named after places, UTC, and the one in use."""
    places = {name for name in zone_names() if "/" in name and not name.startswith(("Etc/", "SystemV/"))}
    return [(name, name.replace("_", " ")) for name in sorted(places | {"UTC", present})]
